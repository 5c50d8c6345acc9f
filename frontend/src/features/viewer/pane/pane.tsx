import {
  type CSSProperties,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";

import { Icon } from "@/components/icon";
import { evidenceInFocus, useEvidenceFocus } from "@/features/evidence";
import { useShownLayers } from "@/features/layers";
import { answeredOf, type Entry, useSession } from "@/features/session";
import { modelAddress } from "@/lib/api/model-readings";
import type { ReadingAnswer } from "@/lib/api/types";
import { AS_STORED, laidSize } from "@/lib/dicom/orientation";

import { areLettersCertain, displayedAs } from "../film/displayed";
import type { FilmSource, FilmView, Tool } from "../film/film-view";
import { cannotDrawWords, wasInverted } from "../film/film-words";
import { type PictureSize, type Point, type Size, toPicture } from "../film/geometry";
import { thumbnailOf } from "../film/thumbnail";
import { useSeen } from "../film/use-seen";
import { Overlay } from "../overlay/overlay";
import { regionAt } from "../overlay/zones";
import { EdgeLetters } from "./edge-letters";
import { Loupe } from "./loupe";
import styles from "./pane.module.css";
import { PixelReadout } from "./pixel-readout";
import { matrixNow, useFilmView, useSize } from "./use-film-view";
import { useLoupe } from "./use-loupe";

/** Farther than this between press and release, and it was a drag. */
const CLICK_PX = 4;

/** What the viewer's buttons and keys reach of a film. */
export interface PaneHandle {
  readonly view: FilmView | null;
  readonly element: HTMLElement | null;
  readonly moveLoupe: (x: number, y: number) => void;
}

interface PaneProps {
  readonly entry: Entry;
  readonly tool: Tool;
  readonly handle: (pane: PaneHandle | null) => void;
  /** It is pressed, turned by a wheel or touched: what it does, a linked film follows. */
  readonly onUse: () => void;
  readonly children?: ReactNode;
}

function isAsRead(size: PictureSize | null, answer: ReadingAnswer): boolean {
  return !size || (size.columns === answer.image.columns && size.rows === answer.image.rows);
}

/** Turns the plain picture in a frame of this size. */
function turnedStyle(quarterTurns: number, { width, height }: Size): CSSProperties | undefined {
  if (quarterTurns === 0) return undefined;
  const rotate = `${90 * quarterTurns}deg`;
  if (quarterTurns === 2) return { rotate };
  return {
    rotate,
    inset: "auto",
    left: (width - height) / 2,
    top: (height - width) / 2,
    width: height,
    height: width,
  };
}

/** One film with its layers: a plain picture at once, the viewer as soon as it is there. */
export function Pane({ entry, tool, handle, onUse, children }: PaneProps) {
  const { file, fileKind, pictureUrl } = entry;
  const answer = answeredOf(entry)?.answer ?? null;
  const [source] = useState<FilmSource>({ file, kind: fileKind === "dicom" ? "dicom" : "picture" });
  const frame = useRef<HTMLDivElement>(null);
  const screen = useRef<HTMLDivElement>(null);
  const pressed = useRef<Point | null>(null);
  const [preview, setPreview] = useState<PictureSize | "broken" | null>(null);
  const opening = useFilmView(screen, source);
  const view = opening.kind === "open" ? opening.view : null;
  const seen = useSeen(view);
  const size = useSize(frame);
  const loupe = useLoupe(size);
  const session = useSession();
  const layers = useShownLayers();
  const { focusOf, setFocus } = useEvidenceFocus();
  const focus = focusOf(entry.id);
  const { region } = focus;

  const readInverted = wasInverted(answer);
  useEffect(() => {
    view?.setReadInverted(readInverted);
  }, [view, readInverted]);

  const orientation = displayedAs(answer, source.kind);
  const { isMirrored, quarterTurns } = orientation ?? AS_STORED;
  const isByReading = orientation !== null;
  useEffect(() => {
    view?.setOrientation(isByReading ? { isMirrored, quarterTurns } : null);
  }, [view, isByReading, isMirrored, quarterTurns]);

  const isWithoutPicture = pictureUrl === null;
  useEffect(() => {
    const thumbnail = view && isWithoutPicture ? thumbnailOf(view) : null;
    if (thumbnail !== null) session.keepThumbnail(entry.id, thumbnail);
  }, [session, entry.id, view, isWithoutPicture, readInverted, isMirrored, quarterTurns]);

  const { step } = loupe;
  useImperativeHandle(handle, () => ({ view, element: frame.current, moveLoupe: step }), [view, step]);

  const previewSize =
    preview === "broken" || !preview ? null : laidSize({ isMirrored, quarterTurns }, preview);
  const pictureSize = view?.picture ?? previewSize;
  const directions = areLettersCertain(answer) ? (view?.directions() ?? null) : null;
  const inFocus = evidenceInFocus(answer, focus);
  const content =
    answer && isAsRead(pictureSize, answer) ? { answer, finding: inFocus?.finding ?? null, region } : null;
  const matrix = answer ? matrixNow(seen, answer.image, size) : null;
  const isDrawn = view !== null || (pictureUrl !== null && preview !== "broken");

  const onPress = (event: PointerEvent) => {
    onUse();
    pressed.current = event.isPrimary && event.button === 0 ? [event.clientX, event.clientY] : null;
  };
  const onRelease = (event: PointerEvent<HTMLElement>) => {
    const from = pressed.current;
    pressed.current = null;
    const anatomy = answer?.anatomy;
    if (tool === "length" || tool === "angle") return;
    if (!from || !content?.finding || !anatomy || !matrix) return;
    if (Math.hypot(event.clientX - from[0], event.clientY - from[1]) > CLICK_PX) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const point = toPicture(matrix, [event.clientX - left, event.clientY - top]);
    const found = regionAt(point, anatomy, content.finding);
    setFocus(entry.id, { region: found === region ? null : found });
  };

  return (
    <div className={styles.pane} data-pane>
      <div
        ref={frame}
        className={styles.frame}
        data-tool={tool}
        onPointerDown={onPress}
        onPointerUp={onRelease}
        onWheel={onUse}
        onPointerMove={tool === "magnify" ? loupe.follow : undefined}
      >
        {pictureUrl && preview !== "broken" && !seen && (
          <img
            src={pictureUrl}
            alt={`Radiograph ${file.name}`}
            className={styles.preview}
            data-inverted={readInverted || undefined}
            style={turnedStyle(quarterTurns, size)}
            onError={() => {
              setPreview("broken");
            }}
            onLoad={({ currentTarget: { naturalWidth: columns, naturalHeight: rows } }) => {
              setPreview({ columns, rows });
            }}
          />
        )}
        <div
          ref={screen}
          className={styles.screen}
          role="img"
          aria-label={`Radiograph ${file.name}`}
          aria-hidden={!seen || undefined}
          data-inverted={readInverted || undefined}
          data-viewer={opening.kind}
        />
        {content && matrix && isDrawn && (
          // Drawn anew for another model, which may have evidence for the same finding.
          <Overlay
            key={inFocus ? modelAddress(inFocus.answer.model) : undefined}
            {...content}
            matrix={matrix}
            layers={layers}
          />
        )}
        {directions && seen && <EdgeLetters orientation={directions} matrix={seen.matrix} />}
        {view && tool === "magnify" && (
          <Loupe
            source={source}
            view={view}
            at={loupe.at}
            middle={loupe.middle}
            content={content}
            layers={layers}
          />
        )}
        {seen && (
          <p className={styles.readout} data-readout aria-hidden>
            <span>
              W {Math.round(seen.window.width)} · L {Math.round(seen.window.centre)}
            </span>{" "}
            <span>{Math.round(100 * seen.placement.scale)} %</span>{" "}
            {seen.placement.turned !== 0 && <span>{Math.round(seen.placement.turned)}°</span>}{" "}
            {seen.placement.isFlipped && <span>mirrored</span>} {seen.isInverted && <span>inverted</span>}{" "}
            {view && <PixelReadout frame={frame} view={view} />}
          </p>
        )}
        {opening.kind === "failed" && (
          <p className={isDrawn ? styles.note : styles.placeholder}>
            {!isDrawn && <Icon name="film" sizePx={56} />}
            <span>
              {isDrawn
                ? "The viewer could not open this film here: a plain picture is shown."
                : cannotDrawWords(fileKind ?? "unknown")}
            </span>
          </p>
        )}
        {answer && !content && (
          <p className={styles.note}>
            This browser draws the file in another size than it was read in, so no layers lie over it.
          </p>
        )}
        {children}
      </div>
    </div>
  );
}
