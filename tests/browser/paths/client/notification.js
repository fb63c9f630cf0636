/** Like its neighbour. */
export * from "../../../../client-js/src/notification.js";
