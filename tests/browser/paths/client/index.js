/** Where the gateway serves the client to the page; only for the type checker, which knows files and no servers. */
export * from "../../../../client-js/src/index.js";
