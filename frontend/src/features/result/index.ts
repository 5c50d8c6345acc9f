export { ReadingPanel } from "./reading-panel";
