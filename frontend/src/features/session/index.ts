/** The films of this visit: how they come in, which models read them, what is known of each, the list of them. */
export { ModelChoice } from "./choice/model-choice";
export { useModels } from "./choice/use-models";
export { type FileKind, isDrawable } from "./files/file-kind";
export { inReadingOrder } from "./files/reading-order";
export { IntakeProvider } from "./intake/intake";
export { IntakeButtons } from "./intake/intake-buttons";
export { Invitation } from "./intake/invitation";
export { Welcome } from "./intake/welcome";
export { Announcer } from "./list/announcer";
export { FilmSteps } from "./list/film-steps";
export { SessionList } from "./list/session-list";
export { stateWords } from "./list/state-words";
export { type Answered, answeredOf, answerOf, type Entry, type EntryState, isUnderWay } from "./store/entry";
export { ReadingSession } from "./store/reading-session";
export { SessionProvider, useSelectedEntry, useSession, useSessionSnapshot } from "./store/session-context";
