import { expect, it } from "vitest";

import { formsFor, reportAddress } from "./report-forms";

it("offers what belongs into a study for DICOM files alone", () => {
  const forms = (kind: "dicom" | "jpeg") => formsFor(kind).map(({ format }) => format);
  // Others may be added; see docs/how-to.
  expect(forms("dicom").slice(0, 4)).toEqual(["sr", "seg", "sc", "dicom-pdf"]);
  expect(forms("jpeg")).toEqual(expect.arrayContaining(["fhir", "json"]));
  expect(forms("jpeg")).not.toContain("sr");
  expect(forms("dicom")).toEqual(expect.arrayContaining(forms("jpeg")));
});

it("requests the report of the displayed reading: models, operating point, force and rotation", () => {
  expect(reportAddress("pdf", { models: [], operatingPoint: null, isForced: false, isTurned: false })).toBe(
    "/report?format=pdf&language=en",
  );
  expect(
    reportAddress("sr", {
      models: ["four", "pneumonia"],
      operatingPoint: "sensitivity:0.98",
      isForced: true,
      isTurned: true,
    }),
  ).toBe(
    "/report?format=sr&language=en&model=four&model=pneumonia&operating_point=sensitivity%3A0.98&force=true&orient=auto",
  );
});
