export { ReadingPage } from "./reading-page";
export { ReadingSession } from "./session/reading-session";
export { SessionProvider } from "./session/session-context";
