import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// One entry per page. Everything is loaded from the counter itself: no inline scripts or styles, no other origin.
export default defineConfig({
  plugins: [vue()],
  define: {
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: "../src/tellerline/web/dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { chat: "index.html", desk: "desk/index.html" } },
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8000", ws: true }, "/demo": "http://127.0.0.1:8000" } },
});
