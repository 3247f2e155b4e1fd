/** Engine.IO's transports with the one that needs no WebSocket. Loaded where none passes, and the server offers it. */
import { Fetch, NodeWebSocket } from "socket.io-client"; // in a browser that is its own WebSocket

export const transports = [NodeWebSocket, Fetch];
