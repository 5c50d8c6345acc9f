export { FilmStage } from "./film-stage";
