export { ReadingPage } from "./reading-page";
export { ReadingProvider } from "./reading-provider";
