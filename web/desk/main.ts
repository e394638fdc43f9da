/** The representatives' desk, put together. */

import "../shared/tokens.css";
import "./style/element.css";
import "./style/base.css";
import "./style/screen.css";

import { createPinia } from "pinia";
import { createApp } from "vue";

import App from "./App.vue";
import { recallTheme } from "./model/theme";
import { makeRouter } from "./routes";
import { i18n, language, setLanguage } from "./words";

recallTheme();
setLanguage(language.value);
createApp(App).use(createPinia()).use(i18n).use(makeRouter()).mount("#desk");
