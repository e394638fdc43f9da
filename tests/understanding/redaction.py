"""Labelled messages for redaction: what must go, and what must stay. One message a line, `text => what is kept of it`."""

from __future__ import annotations

SENSITIVE = """
我的卡号是6222021234567890123 => 我的卡号是[card:0123]
卡号6222 0212 3456 7890 123丢了 => 卡号[card:0123]丢了
6222-0212-3456-7890-123 => [card:0123]
６２２２０２１２３４５６７８９０１２３ => [card:0123]
六二二二零二一二三四五六七八九零一二三 => [card:0123]
卡号是六二二二 零二一二 三四五六 七八九零 一二三 => 卡号是[card:0123]
卡号六二二二零二一二三四五六七八九零一二三一直用不了 => 卡号[card:0123]一直用不了
银行卡4111111111111111 => 银行卡[card:1111]
4111 1111 1111 1111转500 => [card:1111]转500
4111.1111.1111.1111 => [card:1111]
查一下6217000010001234567这张卡 => 查一下[card:4567]这张卡
我打错了一位,4111 1111 1111 1112 => 我打错了一位,[card:1112]
储蓄卡号 9558801234567890128 => 储蓄卡号 [card:0128]
账号是12345678901 => 账号是[account:8901]
订单号4111111111111111 => 订单号[card:1111]
my card number is 5500 0000 0000 0004 => my card number is [card:0004]
card 5500-0000-0000-0004 please block it => card [card:0004] please block it
378282246310005 => [card:0005]
3782 822463 10005 => [card:0005]
the number is 3530111333300000. => the number is [card:0000].
four one one one one one one one one one one one one one one one => [card:1111]
card no 6011000990139424 and zip 90210 => card no [card:9424] and zip 90210
my account number is 12345678 => my account number is [account:5678]
sort code 12-34-56 account 12345678 => sort code 12-34-56 account [account:5678]
IBAN GB82 WEST 1234 5698 7654 32 => IBAN [account:5432]
pay to DE89370400440532013000 please => pay to [account:3000] please
6\u200b222\u200b021234567890123 => [card:0123]
6222\u00a00212\u00a03456\u00a07890\u00a0123 => [card:0123]
cvv 123 => cvv [cvv]
CVV2: 987 => CVV2: [cvv]
卡背面三位数是321 => 卡背面三位数是[cvv]
安全码456 => 安全码[cvv]
security code is 1234 => security code is [cvv]
卡号4111111111111111有效期12/27 => 卡号[card:1111]有效期[expiry]
4111111111111111 12/27 123 => [card:1111] [expiry] [cvv]
有效期是08/29 => 有效期是[expiry]
信用卡有效期到2029年8月 => 信用卡有效期到[expiry]
expiry date 09/28, card 5500000000000004 => expiry date [expiry], card [card:0004]
密码是123456 => 密码是[password]
取款密码:654321 => 取款密码:[password]
我的密码是我生日830412 => 我的密码是我生日[password]
登录密码abc12345 => 登录密码[password]
123456是我的密码 => [password]是我的密码
密码改成sunflower => 密码改成[password]
my pin is 1234 => my pin is [password]
my PIN for my card is 9876 => my PIN for my card is [password]
password: hunter2! => password: [password]!
my password is Sunshine99 => my password is [password]
4321 is my pin => [password] is my pin
pin one two three four => pin [password]
验证码123456 => 验证码[code]
验证码是 482913 => 验证码是 [code]
我收到的验证码是482 913 => 我收到的验证码是[code]
482913是验证码 => [code]是验证码
动态密码7788 => 动态密码[code]
他让我报短信码,998877 => 他让我报短信码,[code]
验证码是四八二九一三 => 验证码是[code]
the code is 482913 => the code is [code]
OTP 739201 => OTP [code]
my verification code: 55021 => my verification code: [code]
482913 is the code => [code] is the code
I told him the one-time password 665544 => I told him the one-time password [code]
身份证11010519491231002X => 身份证[id:002X]
我的身份证号是110105194912310029吗 => 我的身份证号是[id:0029]吗
110105 19491231 002x => [id:002X]
身份证 １１０１０５１９４９１２３１００２Ｘ => 身份证 [id:002X]
老身份证130503670401001 => 老身份证[id:1001]
护照E12345678 => 护照[passport:678]
passport number EA1234567 => passport number [passport:567]
my passport is 512345678 => my passport is [passport:678]
回乡证H1234567890 => 回乡证[passport:890]
HKID A123456(3) => HKID [id:4563]
Z683365(5) is my id => [id:3655] is my id
my SSN is 123-45-6789 => my SSN is [id:6789]
social security number 123456789 => social security number [id:6789]
NINO QQ123456C => NINO QQ123456C
national insurance AB123456C => national insurance [id:456C]
手机号13800138000 => 手机号[phone:8000]
13800138000 => [phone:8000]
138 0013 8000 => [phone:8000]
138-0013-8000打不通 => [phone:8000]打不通
+86 13800138000 => [phone:8000]
8613800138000 => [phone:8000]
一三八零零一三八零零零 => [phone:8000]
电话13800138000谢谢 => 电话[phone:8000]谢谢
换成13900139000,原来是13800138000 => 换成[phone:9000],原来是[phone:8000]
转500给13800138000 => 转500给[phone:8000]
call me on +44 7700 900123 => call me on [phone:0123]
my phone is 415-555-2671 => my phone is [phone:2671]
(415) 555-2671 => [phone:2671]
my mobile number is 91234567 => my mobile number is [phone:4567]
+852 9123 4567 => [phone:4567]
发到zhang.wei@example.com => 发到[email]
zhangwei_88@qq.com是我的邮箱 => [email]是我的邮箱
email me at a+b@mail.example.co.uk please => email me at [email] please
13800138000@163.com => [email]
our key sk-abcdefghijklmnop1234567890 => our key [secret]
AKIAIOSFODNN7EXAMPLE => [secret]
api_key=9f8e7d6c5b4a39281716 => api_key=[secret]
取款密码是六个八 => 取款密码是[password]
my pin is four zeros => my pin is [password]
my password's Zhang1990! => my password's [password]!
OTP is three eight nine two one zero => OTP is [code]
my code is double eight two nine one three => my code is [code]
短信说是739201 => 短信说是[code]
他让我念的是 7 3 9 2 0 1 => 他让我念的是 [code]
just got 739201 in sms => just got [code] in sms
cvv is one two three => cvv is [cvv]
cvv 三二一 => cvv [cvv]
后三位是321 => 后三位是[cvv]
card sixty two twenty two oh two twelve thirty four fifty six seventy eight ninety one twenty three => card [card:9123]
6222，0212，3456，7890，123 => [card:0123]
六二二二，零二一二，三四五六，七八九零，一二三 => [card:0123]
卡号：6222*0212*3456*7890*123 => 卡号：[card:0123]
前四位6222 然后0212 再3456 最后7890123 => 前四位[card:0123]
first four 4111 then 1111 then 1111 and 1111 => first four [card:1111]
6 2 2 2 0 2 1 2 3 4 5 6 7 8 9 0 1 2 3 => [card:0123]
card 4799052202010 => card [card:2010]
last transactions of card 180051662803027 => last transactions of card [card:3027]
身份证一一零一零五一九四九一二三一零零二叉 => 身份证[id:002X]
身份证1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X => 身份证[id:002X]
护照E 1234 5678 => 护照[passport:678]
driver's license number is F162823540116 => driver's license number is [id:0116]
token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N => token [secret]
"""

HARMLESS = """
尾号6688、8812、4411、2233这几张卡
cards ending 6688, 8812, 4411 and 2233
2023, 2024, 2025, 2026
每月还1200,1300,1400,1500
短信说扣了1234
短信提醒消费123456元
收到了500000
我转了5000，2000，3000，4000四笔
twenty twenty six
one two three four five
一二三四五
第一二三四步
三五个人
密码有几个数字
六个月定期
five hundred or six hundred
卡里有1234567元
转500
转5000元给王伟
帮我转5000一下
转账限额调到50000
我要取1.2万
消费了58.50元
一共12345678元
余额是1234567.89
尾号6688的卡丢了
后四位是1234
卡尾号1234,余额5000
我的卡6688丢了
尾号六六八八
打0755-0100-5500没人接
你们电话是0755-0100-5500吗
400-820-8820是你们的号码吗
网点电话0755-0100-0001打不通
订单号202611231234567890
流水号TR261123004512
交易号2026112322001412345678901234
参考号 20261123000017
快递单号SF1234567890123
工单CP-20261123-0001怎么样了
发票号码12345678
合同编号HT2026-00123456
2026年11月23日转的
2026-11-23 15:30:00扣了我4500.00
20261123
3月5日那笔
11月12日到12月11日的账单
分12期
存三年30000
利率是1.35%吗
5年期3.6%
密码忘了怎么办
密码输错3次锁了
密码是什么格式
密码是几位数
重置密码要去柜台吗
验证码收不到
验证码一直没收到,我转5000元
验证码多久过期
收不到验证码 尾号8000的手机
验证码发到尾号8000的手机了
信用卡额度20000
有效期多久
卡过期了怎么换
存款到期12月31日
身份证过期了
身份证要带原件吗
护照可以开户吗
12345
123456789
我今年65岁
房间号 20231
第3笔和第12笔
我排了120分钟
5000人民币换美元
100000000
两千零二十六年
一二三四
二零二六年三月
邮编518000
股票代码600036
错误代码10086
ISO 9001
transfer 500 to Wang Wei
send 12,500.00 USD
I want to withdraw 12000 yuan
card ending 1234
last four digits 6688
ending in six six eight eight
order 20261123123456
order number 112-7654321-1234567
reference TR261123004512
case CP-20261123-0001
invoice 12345678
transaction id 4200001234202611231234567890
my zip is 90210
error code 1234
postal code 518000
swift code HSBCHKHH
promo code 20261111
branch code 1234
sort code 12-34-56
I forgot my password
my password is wrong
my pin is blocked
the password is not working
pin rejected 3 times
password reset takes 24 hours
my pin expired
the code expires in 10 minutes
the code never arrived, I need 5000 yuan
verification code not received for my phone ending 8000
the code was sent to my phone ending 8000
call 0755-0100-5500
is 400-820-8820 your number
on 2026-11-23 at 15:30 I paid 4500.00
between 01/11/2026 and 23/11/2026
flight CA1234 on 12/27
interest rate 3.85 for 24 months
my salary is 18000 a month
I'm 65 years old
room 20231
about 100000000 dollars
1 2 3 4 5
10 000 000
$1,234,567.89
0.00012345678901234
my IBAN is where
my passport expires soon
my id card is lost
member since 2019 number unknown
the 3 digits on the back are worn off
ticket 12345678
parcel SF1234567890123
version 3.11.7 build 20261101
验证码没到,6688那张卡也锁了
密码错了,我的工号是882211号
https://example.com/a?id=20261123123456
"""


def sensitive_cases() -> list[tuple[str, str]]:
    """Return the messages that hold something sensitive, with what is kept."""
    lines = [line for line in SENSITIVE.strip().splitlines() if line]
    pairs = [line.split(" => ", 1) for line in lines]
    return [(text, kept) for text, kept in pairs]


def harmless_cases() -> list[str]:
    """Return the messages that hold nothing sensitive."""
    return [line for line in HARMLESS.strip().splitlines() if line]
