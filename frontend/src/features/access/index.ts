export { SignInGate } from "./sign-in-gate";
export { SignOutButton } from "./sign-out-button";
