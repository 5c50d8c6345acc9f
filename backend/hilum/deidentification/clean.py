"""De-identified data set: a new data set with only the elements that may stay."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import NAMESPACE_OID, uuid5

from pydicom import DataElement, Dataset
from pydicom.datadict import keyword_for_tag
from pydicom.tag import BaseTag

from hilum.deidentification.codes import CODE_KEYWORDS, has_code, known_code
from hilum.deidentification.dummies import dummy, empty
from hilum.deidentification.numbers import plausible, sensible_list
from hilum.deidentification.profile import Profile
from hilum.deidentification.removal import Removal
from hilum.deidentification.representation import is_standard, known_element, representations
from hilum.deidentification.table import Action
from hilum.deidentification.tables import OF_TABLES, shortened_table
from hilum.deidentification.terms import known_terms
from hilum.deidentification.values import (
    BULK,
    TEXT,
    defined_term,
    is_class,
    is_dispensable,
    is_uid,
    is_valid,
    several,
)

_CHARACTER_SET = 0x00080005
# Curves and overlays, which repeat (PS3.5 7.6).
_DRAWN_OVER = (0x5000, 0x6000)


@dataclass(slots=True)
class Cleaner:
    """Rewrites data sets with only the content that is known not to identify a person.

    Parameters
    ----------
    secret : str
        New UIDs are made of the old ones and this.
    is_little_endian : bool
        Order of bytes of tables.

    Attributes
    ----------
    removals : set of Removal
        What was found where it should not be.
    unknown_codes : set of str
        Keywords of code strings with values that are no terms of the standard, which are left out.
    """

    profile: Profile
    secret: str
    is_little_endian: bool
    removals: set[Removal] = field(default_factory=set)
    unknown_codes: set[str] = field(default_factory=set)

    def clean(self, dataset: Dataset) -> Dataset:
        """Apply the profile's action to each attribute, and rules by representation to the others.

        Private elements and those that the standard does not know are left out. Of attributes
        that the profile keeps, free text is replaced by dummies, bytes are left out, codes get
        the dictionary's meaning, and values that break the rules of their representation are
        emptied: so what stays cannot name anybody.

        Parameters
        ----------
        dataset : Dataset
            As it was parsed; the elements in it are decoded.
        """
        made = self._rewritten(dataset, self._cleaned)
        if has_code(dataset):
            made.update(known_code(dataset))
        return made

    def new_uid(self, uid: str) -> str:
        """Make a UID from a UUID (PS3.5 B.2)."""
        return f"2.25.{uuid5(NAMESPACE_OID, f'{self.secret} {uid}').int}"

    def _rewritten(
        self, dataset: Dataset, rewrite: Callable[[Dataset, BaseTag], DataElement | None]
    ) -> Dataset:
        made = Dataset()
        for tag in list(dataset.keys()):
            if tag.group & 0xFF00 in _DRAWN_OVER and not tag.is_private:
                self.removals.add(Removal.OVERLAYS)
            elif is_standard(tag) and tag != _CHARACTER_SET:
                element = rewrite(dataset, tag)
                if element is not None:
                    made.add(element)
        return made

    def _cleaned(self, dataset: Dataset, tag: BaseTag) -> DataElement | None:
        representation = representations(tag)[0]
        action = self.profile.action(tag, representation)
        if action is Action.REMOVE or keyword_for_tag(tag) in CODE_KEYWORDS:
            return None
        element = known_element(dataset, tag)
        if element is None:
            self.removals.add(Removal.INVALID_VALUES)
            return empty(DataElement(tag, representation, None))
        if action is Action.EMPTY:
            return empty(element)
        if action is Action.DUMMY:
            return self._dummy(element)
        if action is Action.REPLACE_UID:
            return self._with_uids(element, lambda _uid: False)
        return self._kept(dataset, element)

    def _kept(self, dataset: Dataset, element: DataElement) -> DataElement | None:
        """An attribute that the profile keeps."""
        if element.VR == "SQ":
            if element.keyword in OF_TABLES:
                items = [made for each in element.value if (made := self._with_table(each))]
            else:
                items = [self.clean(each) for each in element.value]
            return DataElement(element.tag, "SQ", items) if items or not element.value else None
        if element.VR == "UI":
            return self._known_uids(element)
        if element.VR in TEXT:
            if self.profile.is_retained(element.tag):
                return element
            return defined_term(element) or dummy(element)
        if element.VR == "CS":
            return self._term(element)
        return self._number(dataset, element)

    def _number(self, dataset: Dataset, element: DataElement) -> DataElement | None:
        """Neither text nor a code: a number, a date or bytes."""
        if element.VR in BULK or is_dispensable(element):
            return None
        if not is_valid(element):
            self.removals.add(Removal.INVALID_VALUES)
            return empty(element)
        found = plausible(dataset, element)
        made = empty(element) if found is None else sensible_list(dataset, found)
        if made is not found:
            self.removals.add(Removal.IMPLAUSIBLE_NUMBERS)
        return made

    def _with_table(self, dataset: Dataset) -> Dataset | None:
        """An item that is nothing without its table."""
        table = shortened_table(dataset, is_little=self.is_little_endian)
        if not table:
            self.removals.add(Removal.TABLES)
            return None
        made = self.clean(dataset)
        made.update({each.tag: each for each in table})
        return made

    def _term(self, element: DataElement) -> DataElement:
        """Keep a code string that the standard defines, in capitals as readers take it."""
        terms = known_terms(element)
        if terms is None:
            self.removals.add(Removal.INVALID_VALUES)
        elif len(terms) < len(several(element)):
            self.unknown_codes.add(element.keyword)
        made = terms[0] if terms and len(terms) == 1 else terms or None
        return DataElement(element.tag, "CS", made)

    def _dummy(self, element: DataElement) -> DataElement:
        if element.VR == "SQ":
            items = [self._rewritten(each, self._dummied) for each in element.value]
            return DataElement(element.tag, "SQ", items)
        return self._with_uids(element, is_class) if element.VR == "UI" else dummy(element)

    def _dummied(self, dataset: Dataset, tag: BaseTag) -> DataElement | None:
        """An attribute of an item in a sequence that is replaced."""
        element = known_element(dataset, tag)
        if element is None:
            self.removals.add(Removal.INVALID_VALUES)
        return None if element is None else self._dummy(element)

    def _known_uids(self, element: DataElement) -> DataElement:
        """Keep UIDs that the standard defines, and those that an option retains."""
        may_stay = is_uid if self.profile.is_retained(element.tag) else is_class
        if not all(may_stay(str(each)) for each in several(element)):
            self.removals.add(Removal.UNKNOWN_UIDS)
        return self._with_uids(element, may_stay)

    def _with_uids(self, element: DataElement, may_stay: Callable[[str], bool]) -> DataElement:
        found = [str(each) for each in several(element)]
        made = [each if may_stay(each) else self.new_uid(each) for each in found]
        return DataElement(element.tag, "UI", made if len(made) > 1 else "".join(made))
