export { ModelPage } from "./model-page";
