/** Like its neighbour. */
export * from "../../../../client-js/src/ids.js";
