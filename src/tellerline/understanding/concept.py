"""Words of two languages that mean the same at a bank's counter: what lets the examples of one language teach the other.

Each line is a concept, its Chinese words and its English ones. A Chinese word is found inside any run of characters;
an English one is a whole word, the beginning of a word when it ends in *, or two neighbouring words.
"""

from __future__ import annotations

import re

_ENGLISH_WORD = re.compile(r'"([^"]+)"|(\S+)')

_LEXICON = """
card        : 卡 银行卡 卡片 工资卡 磁条卡 芯片卡 副卡 | card cards plastic
debit       : 借记卡 储蓄卡 工资卡 | debit
credit      : 信用卡 贷记卡 | credit visa mastercard amex
account     : 账户 账号 户头 存款户 | account accounts acc acct a/c
deposit     : 存款 存钱 存了 存进 储蓄 活期 | deposit deposits deposited saving savings
term        : 定期 定存 存单 大额存单 整存整取 到期 期满 | term fixed matur* certificate
passbook    : 存折 折子 存单 | passbook passbooks booklet bankbook
loan        : 贷款 借款 贷 借钱 房贷 按揭 月供 车贷 信贷 公积金 | loan loans borrow* mortgage* lend lending financ*
wealth      : 理财 基金 净值 产品 债券 国债 股票 结构性 | wealth fund funds invest* portfolio bond bonds securities nav
insurance   : 保险 存保 保单 | insur* policy
points      : 积分 权益 贵宾厅 兑换 里程 礼品 | point points reward* lounge miles redeem redeeming voucher* perks
balance     : 余额 多少钱 剩多少 还有多少 余款 剩下 还剩 够不够 | balance bal funds left remaining
bill        : 账单 欠款 欠多少 应还 最低还款 还款日 账单日 | bill bills due owe owing minimum outstanding
statement   : 流水 对账单 明细 证明 资产证明 盖章 签证 | statement* certificate* proof stamped visa letter
transaction : 交易 消费 支出 收支 进账 扣款记录 记录 明细 花了 | transaction* txn txns purchase* spending spent activity history
transfer    : 转账 转钱 汇款 打钱 打款 转给 汇给 转了 汇了 打给 转过去 付款给 | transfer transfers transferred transferring wire wired sent send sending remit*
payee       : 收款人 对方 收款方 | payee payees recipient beneficiar* receiver
person      : 我妈 妈妈 爸爸 老婆 老公 儿子 女儿 朋友 房东 姐 弟弟 哥 同事 老板 孩子 | mum mom mother dad father wife husband son daughter friend landlord sister brother nephew niece kid kids
relative    : 去世 过世 走了 遗产 继承 身故 离世 已故 不在了 过逝 | died passed deceased dead inherit* estate late funeral death probate
limit       : 限额 额度 上限 单笔 日累计 限制额 | limit limits cap ceiling allowance
raise       : 提高 调高 提额 增加 加大 上调 提升 调大 涨 | raise increas* higher up lift bigger more bump
lower       : 降低 调低 降额 减少 下调 调小 | lower reduc* decreas* smaller down cut
temporary   : 临时 短期 | temporar* short
fee         : 年费 手续费 费用 收费 工本费 管理费 滞纳金 违约金 扣费 利息 罚息 | fee fees charge charges charged charging penalt* cost costs commission
interest    : 利息 利率 收益率 年化 | interest rate rates yield apr apy
waive       : 减免 免除 退还 免掉 退回 退费 免年费 退给我 | waive* waiver refund* reverse* reimburs* exempt
why         : 为什么 为啥 为何 怎么会 凭什么 咋会 什么原因 干嘛 干吗 | why reason wherefore "how come"
how         : 怎么 如何 咋 怎样 流程 步骤 | how steps procedure process
when        : 什么时候 啥时候 多久 几天 几点 何时 多长时间 几号 | when long soon days date
where       : 哪里 在哪 哪儿 地址 附近 最近的 | where nearest nearby address near location
howmuch     : 多少 几块 多少钱 | much amount
which       : 哪个 哪种 哪些 哪款 什么样 | which what options kinds
can         : 可以 能不能 可不可以 能否 可否 | can could may possible able
want        : 我要 我想 想要 帮我 给我 麻烦 请 | want need would like please pls help
lost        : 丢 丢了 弄丢 遗失 丢失 不见了 找不到 不见 掉了 挂失 落在 没了 失窃 | lost lose losing missing misplac* mislaid dropped left find "grown legs" vanish*
stolen      : 被偷 偷了 被盗 小偷 被抢 抢了 | stolen stole steal thief nicked pinched robbed robbery snatched pickpocket* mugged burgl*
freeze      : 冻结 止付 锁卡 停卡 锁定 先停 停用 | freeze freez* block blocking stop lock suspend* disable
frozen      : 被冻结 冻住 受限 限制 非柜面 风控 管控 只收不付 不能用 用不了 异常 | frozen restrict* blocked limited locked denied refused suspended declined
unfreeze    : 解冻 解除 解封 解锁 恢复 | unfreeze unblock* unlock* restor* reactivat*
wallet      : 钱包 手提包 包包 | wallet purse handbag bag
machine     : 取款机 存款机 自助机 机器 机子 atm | atm machine dispenser
swallow     : 吞卡 吞了 吃卡 卡住 没吐 没出钞 没出来 吐钞 | swallow* retained ate kept stuck dispens* "came out" jammed
cash        : 现金 取现 取钱 提现 现钞 取款 大额取现 | cash withdraw withdrawing withdrawal banknotes notes
book        : 预约 预定 预订 | book booking appointment reserve advance
pin         : 密码 忘了密码 取款密码 登录密码 支付密码 | pin password passcode
forget      : 忘 忘记 忘了 想不起来 记不得 | forgot forgotten forget remember
reset       : 重置 找回 改密码 修改 重设 | reset change changed recover
activate    : 激活 开卡 启用 开通 | activat* enable switch "switch on" "turn on"
apply       : 申请 办理 办一张 办张 办卡 申办 | apply applying application applied
open        : 开户 开个 开立 开一个 新开 | open opening
close       : 销户 注销 关闭 销卡 销掉 不要了 关掉 停掉 | close closing closed terminate permanently cancel
documents   : 材料 资料 证件 手续 条件 要带 | document* papers requirements bring eligib* qualify
progress    : 进度 审批 审核 批了 批下来 下来了 放款 通过 审到 结果 办到 | progress status approved approval reviewed pending decision disbursed stage
repay       : 还款 还钱 还清 还信用卡 还上 还掉 还信用 | repay* repaid pay paying payoff settle clear paid
early       : 提前 提早 提前还 | early earlier ahead prepay* before ahead
notarrive   : 没到账 未到账 没到 没收到 还没到 不到账 没入账 未入账 没显示 没进 | arrived arrive received credited posted landed reached reflecting
reflect     : 显示 更新 没更新 | show showing reflect* shows update updated
instalment  : 分期 分12期 分期付款 期数 分成 分几期 | instal* monthly split emi spread
hardship    : 还不上 还不起 失业 没钱 没收入 困难 协商 延期 缓一缓 宽限 逾期 停息 周转不开 | hardship afford jobless unemployed "job loss" laid struggling overdue behind plan relief defer*
dispute     : 异议 争议 有误 错误 不对 不符 | dispute* incorrect wrong inaccurate error mistake
creditreport: 征信 信用报告 征信报告 信用记录 逾期记录 上征信 | "credit report" "credit record" "credit bureau" "credit history" "credit file" bureau
collector   : 催收 催债 讨债 骚扰 通讯录 爆通讯录 | collect* debt harass* bailiff threaten*
merchant    : 商家 商户 卖家 店家 网店 健身房 快递 发货 | merchant seller shop store goods item vendor delivered delivery gym parcel
refund      : 退款 退货 退钱 没退 退给 | refund refunded refunds return returned chargeback moneyback
unknown     : 不是我 没消费 不认识 没刷 陌生 莫名 不知道的 没操作 没买 不明 盗刷 盗用 没授权 | unauthori* recogni* fraudulent unfamiliar unknown strange "not me" "didn't make" skimmed cloned
loss        : 亏 亏损 跌 亏了 本金 负收益 赔了 缩水 | loss losing down dropped fell negative shrunk principal "lost money"
risk        : 风险 稳健 保守 安全 靠谱 | risk risky safe safest conservative
redeem      : 赎回 卖出 取出来 变现 支取 取出 | redeem redemption sell cashout liquidate withdraw
recommend   : 推荐 介绍 有什么 哪个好 比较好 | recommend suggest best suitable advice
abroad      : 境外 国外 跨境 出国 海外 留学 美国 香港 英国 | abroad overseas foreign international cross-border uk usa tuition
currency    : 购汇 外汇 美元 美金 欧元 日元 英镑 港币 换汇 结汇 汇率 外币 换钱 | currency dollars usd euros euro eur yen pounds gbp fx forex exchange hkd swift
wrong       : 转错 打错 汇错 错了 弄错 输错 填错 转到别人 | wrong mistaken mistake accident* mistyped incorrect
undo        : 撤销 撤回 退回来 追回 要回来 收回 取消刚才 | undo revers* recall revert back takeback
autodebit   : 代扣 自动扣款 自动续费 免密 解绑 签约 委托扣款 自动扣 绑定 | auto autopay autodebit subscription* mandate recurring unlink unbind standing
payapp      : 微信 支付宝 抖音 美团 淘宝 京东 拼多多 滴滴 | wechat alipay paypal app netflix taobao douyin
debitfail   : 扣款失败 没扣 扣不了 划扣 没扣成功 扣失败 代扣失败 | failed fail unsuccessful bounced deducted
login       : 登录 登不上 登不进 登录不了 进不去 打不开 闪退 手机银行 网银 | login "log in" logged signin "sign in" crash* app access
device      : 新手机 换手机 设备 换了手机 陌生设备 手机丢 | device phone handset iphone android
mobile      : 手机号 号码 换号 预留手机 电话号码 手机号码 | mobile number sim phone
change      : 变更 更换 换成 换了 更改 修改 换 改 | change changed update updating switch replace new
scam        : 诈骗 骗子 骗局 真的假的 可疑 冒充 钓鱼 假的 是不是骗 真伪 靠谱吗 | scam* fraud fake phishing genuine legit real suspicious hoax impersonat* trick*
police      : 公安 警察 公检法 检察院 法院 派出所 安全账户 洗钱 | police court prosecutor "safe account" laundering arrest*
link        : 链接 短信 网址 来电 电话说 二维码 共享屏幕 客服电话 | link sms text call called caller email website qr screen
scammed     : 被骗 骗了 上当 受骗 骗走 中招 | scammed conned cheated tricked swindl* defraud* fooled duped
code        : 验证码 动态码 | code otp
complain    : 投诉 举报 意见 不满 差评 态度 态度差 太差 敷衍 | complain* complaint unhappy dissatisf* rude attitude terrible awful poor unacceptable disgust* service
staff       : 柜员 员工 经理 客户经理 大堂 工作人员 主管 领导 | staff teller employee manager supervisor
data        : 个人信息 我的信息 数据 隐私 资料 | data personal information privacy gdpr
delete      : 删除 删掉 清除 注销信息 | delete erase remove wipe deletion
human       : 人工 真人 客服 转人工 人工客服 坐席 活人 | human person agent representative someone operator advisor staff real
robot       : 机器人 智能 ai 机器 程序 | robot bot machine ai computer chatbot automated
branch      : 网点 支行 分行 营业厅 柜台 银行网点 营业部 | branch branches counter office
hours       : 营业时间 开门 上班 关门 下班 几点 周末 周六 周日 节假日 | hours open opens closes weekend saturday sunday holiday* lunch
yes         : 是 是的 对 对的 好 好的 可以 行 没错 确认 嗯 同意 没问题 中 | yes yeah yep yup ok okay sure correct right confirm confirmed fine agreed exactly absolutely
no          : 不是 不对 不要 不行 不用 别 否 没有 不 不可以 | no nope not nah don't wrong never
stop        : 算了 取消 不办了 不弄了 停止 先不 不想办 不转了 放弃 | cancel stop forget abort nevermind quit leave drop
continue    : 继续 接着 刚才 回到 往下 | continue resume "go on" proceed carry back earlier
skip        : 跳过 不想说 不填 不方便 不清楚 略过 下一个 | skip pass rather prefer next "don't know"
again       : 再说 重复 再讲 没听清 没看清 再发 | again repeat pardon say come
notunderstand: 不懂 没懂 不明白 听不懂 看不懂 什么意思 啥意思 没明白 解释 说人话 | understand explain mean means meaning clear confus* clarify plain simply simpler
wait        : 等一下 等等 稍等 等会 等我 一会 找一下 马上来 | wait moment minute sec second hold hang brb
restart     : 重新 重来 从头 重新开始 从新 | restart start over beginning scratch afresh
none        : 都不是 都不 没有一个 不在里面 哪个都 | none neither either options nothing
done        : 没有了 没了 没事了 就这些 不用了 没别的 就这样 | that's all nothing else done everything finished
english     : 英文 英语 | english
chinese     : 中文 汉语 普通话 国语 | chinese mandarin
hello       : 你好 您好 在吗 早上好 下午好 晚上好 哈喽 嗨 有人吗 | hello hi hey morning afternoon evening greetings anyone
thanks      : 谢谢 感谢 多谢 辛苦 谢了 | thanks thank thx cheers grateful appreciate ta
bye         : 再见 拜拜 回见 下次 拜 | bye goodbye later cya farewell night care
who         : 你是谁 你是 谁 | who are you
cando       : 你能 你会 能做什么 能干 功能 能办 业务 | do help services features capabilit*
howare      : 你好吗 最近怎么样 吃了吗 心情 过得 | how're doing feeling day
praise      : 真棒 厉害 不错 好评 点赞 满意 贴心 专业 太好了 聪明 | great excellent brilliant amazing wonderful perfect good helpful love nice awesome superb
insult      : 傻 蠢 笨 废物 垃圾 智障 滚 混蛋 没用 脑残 有病 | stupid idiot useless rubbish dumb crap shit fuck* moron suck* garbage hell
joke        : 笑话 讲个 唱歌 女朋友 男朋友 无聊 聊天 喜欢 | joke funny sing song girlfriend boyfriend bored story favourite
weather     : 天气 下雨 气温 | weather rain sunny forecast
food        : 菜 吃 做饭 外卖 餐厅 奶茶 | recipe cook restaurant dinner food pizza
travel      : 机票 火车 高铁 酒店 旅游 导航 打车 | flight train hotel travel ticket trip
sports      : 足球 比赛 电影 明星 游戏 世界杯 | football match game movie film team
homework    : 作业 作文 翻译 代码 写一 题 | homework essay translate code write poem
stock       : 股票 大盘 彩票 比特币 a股 牛股 | stock stocks lottery bitcoin crypto
mine        : 我的 我 俺 | my mine me
bank        : 银行 你们银行 你行 贵行 港湾 | bank bank's harbour
meta        : 什么是 是什么 区别 什么叫 介绍一下 规定 政策 | difference between rules policy define
received    : 收到 收了 发了 说我 打来 | got received saying says claims
new         : 新卡 新的 刚收到 新办 | new fresh just
urgent      : 急 马上 立刻 赶紧 快 尽快 | urgent* immediately asap now quick*
number      : 尾号 号 | number ending no
salary      : 工资 薪水 发工资 到账 | salary wages payroll paycheck
overdue     : 逾期 滞纳 晚还 | overdue late missed
withdraw    : 取 支取 取款 提取 取出 | withdraw withdrawal takeout
mortgageear : 部分还款 缩短年限 减少月供 结清 | partial shorten lump off
school      : 学费 留学 缴费 | tuition school fees university
ask         : 问 咨询 请问 想问 了解 | ask question enquiry inquire wondering tell know
sell        : 卖 卖掉 | sell selling
missing     : 少了 没有收到 不见 | missing gone short
double      : 重复扣款 两次 扣了两次 多扣 | twice double duplicate
again2      : 另一张 另外一张 另一个 换一个 那张 | other another instead rather
record      : 记录 明细 收支 进账 出账 进出 进项 花销 流水账 每一笔 最近几笔 | record records recorded entry entries list listed recent latest incoming outgoing movements went came
payment     : 付款 支付 付了 缴费 交费 缴款 | payment payments paid pay
took        : 扣了 扣我 被扣 扣掉 少了 划走 转走 刷走 扣的 | took taken debited deducted deduction deduct gone withdrew removed
money       : 钱 元 块 万 千 块钱 人民币 货款 | money yuan rmb thousand hundred k grand bucks fifty sum amount
past        : 昨天 前天 上周 上个月 昨晚 去年 刚才 之前 已经 上次 早就 | yesterday ago already last was did had earlier since
future      : 明天 下周 下个月 明年 马上要 准备 | tomorrow next soon will
still       : 还没 还不 一直 仍然 迟迟 半天 还是没 | still yet hasn't haven't didn't isn't wasn't until
job         : 工作 公司 老板 单位 上班 收入 裁员 工地 停业 生意 | job work boss company income business salary unemployed laid sacked
ill         : 生病 住院 医院 手术 看病 受伤 癌 医药费 | ill sick hospital surgery cancer injured operation medical
elder       : 老人 父亲 母亲 爷爷 奶奶 老伴 外公 外婆 老人家 | father mother parents grandpa grandma grandmother grandfather elderly
identity    : 身份证 护照 证件 本人 实名 人脸 | passport id identity face verify verification selfie
foreigner   : 外国人 外籍 外地 港澳 台胞 | foreigner foreigners foreign student residence
online      : 网上 线上 手机上 软件 系统 网页 | online system website browser page internet
sell2       : 买 买了 购买 下单 | buy bought buying purchase order ordered
gold        : 黄金 金条 贵金属 纪念币 | gold silver coin coins
tax         : 税 个税 发票 | tax invoice receipt
expire      : 过期 有效期 作废 失效 | expire expired expires expiry valid lapse
supplementary: 附属卡 副卡 附属 | supplementary additional secondary joint
dormant     : 睡眠 长期不用 久悬 不动户 没用过 | dormant inactive unused
house       : 房 买房 房子 首付 二手房 装修 押金 抵押 | house flat home property rent apartment housing deposit
car         : 车 买车 汽车 | car vehicle
talk        : 说话 聊 谈 沟通 讲话 打电话 接通 | talk speak chat live conversation connect speaking
toolow      : 太低 太少 不够 太小 不足 | enough small low insufficient more
threat      : 威胁 上门 恐吓 辱骂 半夜 打给我家人 | threat* midnight relatives family contacts colleagues bailiffs
queue       : 排队 等了 半天 小时 久 | queue queued queuing waited waiting hours ages
promise     : 说好 答应 承诺 当初 骗我 误导 | promised promise told said misled missold
unused      : 没用 用不到 不用了 不想要 多余 | need unnecessary spare unused
check       : 查 查询 看看 查查 看一下 查一下 | check see view look checking find show
print       : 打印 开具 出具 导出 盖章 | print printed download export issue issued stamp
proof       : 凭证 回单 存款证明 收入证明 资信 | proof evidence confirmation embassy certificate
joint2      : 共同 联名 | joint shared
autorepay   : 自动还款 关联还款 约定还款 | automatic automatically autopay
goahead     : 办吧 转吧 就这样 就这么办 继续办 确认无误 可以的 行吧 没问题 就是 | "go ahead" "do it" "that's right" "sounds good" "that's it" exactly indeed precisely agreed proceed
refuse      : 不要 不想 不行 不用 别 不同意 拒绝 不愿 | "don't want" refuse reject rather won't "no way" "of course" "not that"
private     : 隐私 私人 不告诉 不方便说 | private secret telling "not telling" personal business
slow        : 慢 慢点 太快 大声 | slow slowly louder missed lost screen
simple      : 简单点 通俗 大白话 举例 | simple simply plain easy example dumb layman's
news        : 新闻 政治 总统 战争 历史 | news president war politics history capital
health      : 感冒 头疼 医生 药 减肥 | doctor medicine headache diet exercise
phonebill   : 话费 流量 宽带 电费 水费 燃气 | broadband electricity gas water utility topup
recipient2  : 收到 到了 到账了吗 | received receive
name        : 名字 户名 姓名 姓 | name names surname spelled
address     : 地址 住址 邮寄 寄 | address post mail mailing
month       : 每月 每个月 月 本月 这个月 | month monthly months
year        : 年 一年 三年 五年 | year years annual annually
weekdays    : 周一 周五 周六 周日 周末 星期 节假日 春节 国庆 | monday tuesday wednesday thursday friday saturday sunday weekend weekends christmas holiday
language    : 语言 中英文 切换 | language switch switching
tired       : 累 困 休息 睡觉 吃饭 下班 | tired sleep eat rest bored hungry
real        : 真的 真人 活人 真实 | real actual genuine living
feelings    : 喜欢 爱 结婚 恋爱 | love like marry date
capital     : 能做 会做 会什么 能帮 | "can you" abilities able skill menu
compare     : 区别 哪个好 比较 划算 | difference compare better versus vs
benefit     : 好处 优惠 活动 福利 开户礼 | benefit benefits promotion offer bonus gift
max         : 最多 最高 最低 起 门槛 | maximum minimum most least highest lowest
selfharm    : 自杀 不想活 轻生 跳楼 割腕 活不下去 死了算了 结束生命 了断 安眠药 活着 解脱 想死 去死 遗书 | suicide suicidal "kill myself" "my life" "to die" "end it" "hurt myself" "harm myself" myself alive dying overdose
rights      : 银保监 监管 监管局 律师 起诉 告你们 消协 举报你们 诉讼 维权 依法 权利 人民银行 仲裁 | lawyer solicitor sue suing court ombudsman regulator legal gdpr right rights watchdog tribunal attorney
angry       : 太过分 气死 火大 凭什么 受够 岂有此理 忍无可忍 什么态度 过分 离谱 耍我 | angry furious outrageous ridiculous "fed up" livid annoyed "sick of" disgrace* appalling
anxious     : 担心 害怕 慌 着急 睡不着 吓 焦虑 怎么办 紧张 急死 | worried worry scared afraid anxious panic* nervous frightened terrified stress* shaking
ashamed     : 丢人 不好意思 没脸 羞 惭愧 后悔 怪我 不敢 难为情 开不了口 | ashamed embarrass* silly fool guilty fault humiliat* regret
secrecy     : 保密 别告诉 不要告诉 不许说 不能说 不让我说 别跟 | secret secretly "don't tell" confidential "not to" quiet
remote      : 共享屏幕 屏幕 远程 下载软件 会议 投屏 | anydesk teamviewer remote sharing share download install
brushing    : 刷单 返利 佣金 兼职 垫付 做任务 投资群 导师 | commission tasks task rebate mentor guru
disabled    : 残疾 失明 看不见 听不见 聋 轮椅 抑郁 怀孕 眼睛 耳朵 | disabled blind deaf wheelchair depress* pregnant dementia eyesight hearing
violence    : 弄死 砸 杀 打死 炸 找人 | kill bomb burn smash hurt beat punch
coping      : 撑不住 扛不住 走投无路 崩溃 活不了 没办法了 | cope coping "breaking down" overwhelmed hopeless desperate alone
correct     : 说错 写错 更正 应该是 改成 我是说 打错字 改一下 | actually meant correction sorry typo instead
"""


def _load() -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]]:
    """Return the concepts of Chinese words, of English words and word pairs, and of beginnings of English words."""
    han: dict[str, list[str]] = {}
    words: dict[str, list[str]] = {}
    beginnings: dict[str, list[str]] = {}
    for line in filter(None, _LEXICON.splitlines()):
        name, _, rest = line.partition(":")
        chinese, _, english = rest.partition("|")
        concept = "c:" + name.strip()
        for word in chinese.split():
            han.setdefault(word, []).append(concept)
        for quoted, single in _ENGLISH_WORD.findall(english):
            word = quoted or single
            table, key = (beginnings, word[:-1]) if word.endswith("*") else (words, word)
            table.setdefault(key, []).append(concept)
    return han, words, beginnings


HAN, WORDS, BEGINNINGS = _load()
