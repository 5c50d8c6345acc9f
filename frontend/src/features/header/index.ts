export { HeaderButton } from "./header-button";
