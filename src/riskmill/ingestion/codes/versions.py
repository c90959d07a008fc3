"""E060 to E074: what a manifest says of versions, corrections and carried files."""

from collections.abc import Mapping

from riskmill.domain import Code

VERSIONS: Mapping[str, Code] = {
    "E060": Code(
        title="a file has no known mode",
        example='"mode": "append"',
        cause="A file is whole, or it amends the positions that are named before it.",
        remedy='Write "mode": "whole" or "mode": "amend", or leave it out for whole.',
    ),
    "E061": Code(
        title="a carried file's batch has no readable name",
        example='"carried_from": "yesterday"',
        cause="A file is carried forward only from a batch that is named: nothing is ever looked "
        "for by its age.",
        remedy="Write date, snapshot and version, such as 2018-12-28/EOD/v001, and behind them "
        "/NAME where the file had another name there.",
    ),
    "E062": Code(
        title="a file is carried from a batch that is not earlier",
        example='"carried_from": "2019-01-02/EOD/v001" in a batch of 2018-12-31',
        cause="A file can be carried from an earlier date, or from an earlier version of the same "
        "date and snapshot.",
        remedy="Name an earlier batch, or deliver the file itself.",
    ),
    "E063": Code(
        title="only positions can be amended",
        example='"dataset": "limits", "mode": "amend"',
        cause="Rows of positions are told apart by their ids. Other datasets are small, and a "
        "part of one says nothing about the rest.",
        remedy="Deliver all rows of the dataset as one whole file.",
    ),
    "E064": Code(
        title="nothing is there to amend",
        example='a manifest whose only positions have "mode": "amend"',
        cause="The rows of an amending file replace and extend those of the files of positions "
        "that the manifest names before it.",
        remedy="Name the whole file first, with carried_from where an earlier version delivered "
        "it.",
    ),
}
