import vue from "eslint-plugin-vue";
import { defineConfig, globalIgnores } from "eslint/config";
import typescript from "typescript-eslint";

export default defineConfig(
  globalIgnores(["node_modules", "src/api/wire.ts"]),
  ...typescript.configs.strict,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.vue"],
    languageOptions: { parserOptions: { parser: typescript.parser } },
  },
  {
    rules: {
      eqeqeq: ["error", "always"],
      "no-console": "error",
      "no-undef": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "vue/block-lang": ["error", { script: { lang: "ts" } }],
      "vue/no-bare-strings-in-template": ["error", { allowlist: ["·", "…", "@"] }],
      "vue/component-api-style": ["error", ["script-setup"]],
      "vue/one-component-per-file": "off", // it takes createApp for a component
      "vue/no-static-inline-styles": "error",
      "vue/no-v-html": "error",
      // Layout of templates is a matter of taste; what reads well in 120 columns is fine.
      "vue/attributes-order": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/html-indent": "off",
      "vue/html-self-closing": "off",
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
    },
  },
  { files: ["scripts/**"], rules: { "no-console": "off" } },
);
