export { ReceivedPage } from "./received-page";
