export { ReadinessBanner } from "./readiness-banner";
