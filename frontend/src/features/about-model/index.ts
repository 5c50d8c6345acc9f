export { AboutModelPage } from "./about-model-page";
