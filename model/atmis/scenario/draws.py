"""The part `draws` of a scenario: parameters drawn anew for each replicate, and from which table."""

from typing import Annotated

from pydantic import Field, model_validator

from atmis.scenario.fields import SHA256, Entries, Id, Month, Number, Sourced, Text
from atmis.scenario.ground import check_known


class Draws(Sourced):
    """Draws of parameters from a calibration, or none."""

    name: Id
    assumes: Text
    file: Text | None = Field(description="table of draws: one of conf/calibration/, or a path; null: none")
    sha256: Annotated[str, Field(pattern=SHA256)] | None = Field(description="of the file")
    fitted_to: Month | None = Field(description="last month of the record that they were fitted to; null: to none")
    instead_of: Annotated[dict[str, Number], Entries] = Field(
        description="value that each drawn parameter stands in for; one that the user sets is kept"
    )
    kept: list[Text] = Field(
        default_factory=list, description="parameters among these that are not drawn, since the user set their value"
    )

    @model_validator(mode="after")
    def _check_whole(self) -> "Draws":
        if (self.file is None) != (self.sha256 is None):
            raise ValueError("file and sha256 go together: both, or both null")
        if (self.file is None) != (not self.instead_of):
            raise ValueError("instead_of holds the parameters that the file draws, and none without a file")
        for path in self.kept:
            check_known(path, self.instead_of, "draws.kept")
        return self
