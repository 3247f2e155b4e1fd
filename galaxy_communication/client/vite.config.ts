import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

import { compress } from "./vite/compress.ts";
import { DEV_BASE, galaxyProxy } from "./vite/galaxy.ts";
import { splitIcons } from "./vite/icons.ts";
import { lean } from "./vite/lean.ts";
import { checkOnload } from "./vite/onload.ts";
import { splitTexts } from "./vite/texts.ts";
import { checkWeight } from "./vite/weight.ts";

const OUT_DIR = "../static";

/** Scripts for Galaxy's own pages, each in one file, of a name that does not change. */
const ALONE = ["onload", "entries"];

/** `vite build` makes the chat bundle; `vite build --mode onload` and `--mode entries` then add their scripts beside it. */
export default defineConfig(({ command, mode }) => ({
  // Relative, so that the files work under every prefix; in development all but this path is Galaxy's.
  base: command === "serve" && mode !== "test" ? DEV_BASE : "./",
  plugins: [vue(), lean(), splitIcons(), splitTexts(), galaxyProxy(), checkOnload(), checkWeight(), compress()],
  define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  optimizeDeps: { exclude: ["markdown-it"] }, // else it is not made lean in development
  publicDir: ALONE.includes(mode) ? false : "public",
  build: {
    outDir: OUT_DIR,
    target: "es2022",
    ...(ALONE.includes(mode)
      ? {
          emptyOutDir: false,
          lib: { entry: `src/${mode}.ts`, formats: [mode === "onload" ? "iife" : "es"], name: "communication", fileName: () => `${mode}.js` },
        }
      : {
          emptyOutDir: true,
          manifest: "manifest.json",
          modulePreload: false,
          rolldownOptions: {
            input: { chat: "src/main.ts" },
            preserveEntrySignatures: "allow-extension",
            output: { entryFileNames: "assets/[name]-[hash].js", chunkFileNames: "assets/[name]-[hash].js" },
          },
        }),
  },
  worker: {
    format: "es",
    plugins: () => [lean()],
    rolldownOptions: { output: { entryFileNames: "assets/[name]-[hash].js" } },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    restoreMocks: true,
    testTimeout: 60_000,
    server: { deps: { inline: ["markdown-it"] } }, // as it is built, by vite/lean.ts
  },
}));
