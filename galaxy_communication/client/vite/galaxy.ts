import type { ServerResponse } from "node:http";
import type { Plugin } from "vite";

/** Vite's own modules live here during development; every other path is Galaxy's. */
export const DEV_BASE = "/communication-dev/";

/** What Galaxy serves with the address of the built bundle in it: the webhook script, the chat page. */
const CARRIES_ENTRY = /\/(api\/webhooks|communication)\/?(\?.*)?$/;
const BUILT_ENTRY = /[^"'\\\s]*\/communication\/static\/assets\/chat-[\w-]+\.js/g;

/**
 * `GALAXY_URL=http://localhost:8080 npm run dev` shows that Galaxy, with the chat bundle taken live from the sources.
 * Origin is rewritten because Galaxy refuses WebSockets of foreign origins.
 */
export function galaxyProxy(): Plugin {
  const galaxy = (process.env["GALAXY_URL"] ?? "http://127.0.0.1:8080").replace(/\/$/, "");
  return {
    name: "communication-galaxy",
    apply: "serve",
    config: () => ({
      server: {
        proxy: {
          [`^(?!${DEV_BASE})`]: {
            target: galaxy,
            changeOrigin: true,
            ws: true,
            headers: { origin: galaxy },
            bypass: (request) => (CARRIES_ENTRY.test(request.url ?? "") ? request.url : undefined),
          },
        },
      },
    }),
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!CARRIES_ENTRY.test(request.url ?? "")) return next();
        const headers = { cookie: request.headers.cookie ?? "", accept: request.headers.accept ?? "*/*" };
        fetch(galaxy + request.url, { headers, redirect: "manual" })
          .then((answer) => pass(answer, response))
          .catch(next);
      });
    },
  };
}

async function pass(answer: Response, response: ServerResponse): Promise<void> {
  const text = (await answer.text()).replace(BUILT_ENTRY, `${DEV_BASE}src/main.ts`);
  response.statusCode = answer.status;
  for (const name of ["content-type", "location"]) {
    const value = answer.headers.get(name);
    if (value) response.setHeader(name, value);
  }
  response.end(text);
}
