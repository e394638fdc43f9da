import { defineConfig } from "vite";

// One entry per page. Everything is loaded from the counter itself: no inline scripts or styles, no other origin.
export default defineConfig({
  build: {
    outDir: "../src/tellerline/web/dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { chat: "index.html" } },
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8000", ws: true }, "/demo": "http://127.0.0.1:8000" } },
});
