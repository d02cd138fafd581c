"""What the database refuses, declared in the models' `Meta.triggers`.

`makemigrations` writes them down as it does constraints. They lack the switch that
django-pgtrigger's own have: a session variable that anyone may set turns those off.
"""

from typing import Any

import pgtrigger
from django.apps import apps
from pgtrigger import compiler
from pgtrigger.core import Condition, Operation


class TriggerSql(compiler.UpsertTriggerSql):
    """The trigger and its function as they are installed; migrations name this class."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS trigger LANGUAGE plpgsql AS $$
                {declare} BEGIN {func} END $$;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid} {when} {operation} ON {table} {timing} {referencing}
                FOR EACH {level} {condition} EXECUTE FUNCTION {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Trigger(pgtrigger.Trigger):
    """Any trigger, without the switch."""

    def compile(self, model: Any) -> compiler.Trigger:
        made = super().compile(model)
        return compiler.Trigger(name=made.name, sql=TriggerSql(**made.sql.kwargs))


class Refusal(Trigger):
    """Refuses the operation where `condition` holds, but not `unless` that does.

    A condition costs next to nothing and sees the row alone; `unless` is SQL that may look further.
    `says` is what RAISE takes: a text, and what stands for each % in it.
    """

    when = pgtrigger.Before

    def __init__(
        self,
        name: str,
        operation: Operation,
        says: str = "'% of % refused', TG_OP, TG_TABLE_NAME",
        *,
        condition: Condition | str | None = None,
        unless: str = "",
        **options: Any,
    ) -> None:
        refuse = f"RAISE EXCEPTION {says} USING ERRCODE = 'integrity_constraint_violation';"
        row = "OLD" if operation == pgtrigger.Delete else "NEW"
        goes_on = f"IF {unless} THEN RETURN {row}; END IF; " if unless else ""
        if isinstance(condition, str):
            condition = Condition(f"({condition})")
        func = goes_on + refuse
        super().__init__(name=name, operation=operation, condition=condition, func=func, **options)


class Moves(Refusal):
    """Refuses a move of the status that the model's table has not."""

    def __init__(self) -> None:
        says = "'% may not go from % to %', TG_TABLE_NAME, OLD.status, NEW.status"
        super().__init__("moves", pgtrigger.Update, says)

    def get_condition(self, model: Any) -> Condition:
        # A migration's own model has no table of transitions.
        table = apps.get_model(model._meta.label).TRANSITIONS
        pairs = sorted((str(a), str(b)) for a, targets in table.items() for b in targets)
        allowed = ", ".join(f"('{a}', '{b}')" for a, b in pairs)
        return Condition(
            f"OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN ({allowed})"
        )


class Starts(Refusal):
    """Refuses a new row whose status is neither the field's default nor one of `others`."""

    def __init__(self, *others: str) -> None:
        says = "'% may not begin as %', TG_TABLE_NAME, NEW.status"
        super().__init__("starts", pgtrigger.Insert, says)
        self.others = others

    def get_condition(self, model: Any) -> Condition:
        first = str(model._meta.get_field("status").default)
        starts = ", ".join(f"'{status}'" for status in (first, *self.others))
        return Condition(f"NEW.status NOT IN ({starts})")


def life_cycle(*other_starts: str) -> list[Trigger]:
    """Of a model with a `status` and `TRANSITIONS`: rows begin and move as the table says."""
    return [Starts(*other_starts), Moves()]


_APPEND_ONLY = "'% is append-only: % refused', TG_TABLE_NAME, TG_OP"


def kept(says: str = _APPEND_ONLY) -> list[Trigger]:
    """Rows are written once, and never changed or deleted."""
    return [Refusal("kept", pgtrigger.Update | pgtrigger.Delete, says), not_emptied()]


def kept_as_long_as(parent: str, column: str) -> list[Trigger]:
    """Rows are never changed, and deleted only together with the row that they are about."""
    return [
        Refusal("kept", pgtrigger.Update, _APPEND_ONLY),
        Refusal(
            "goes_with_its_row",
            pgtrigger.Delete,
            _APPEND_ONLY,
            unless=f"NOT EXISTS (SELECT FROM {parent} WHERE id = OLD.{column})",
            when=pgtrigger.After,
            timing=pgtrigger.Deferred,
        ),
        not_emptied(),
    ]


def dated_fact(last_day: str) -> list[Trigger]:
    """Rows are never edited: only their last day is written, and never put off again."""
    says = "'% % stays as it was agreed: end it, and let another follow', TG_TABLE_NAME, OLD.id"
    put_off = f"OLD.{last_day} IS NOT NULL AND (NEW.{last_day} > OLD.{last_day}"
    return [
        Refusal(
            "facts_stay", pgtrigger.Update, says, condition=pgtrigger.AnyChange(exclude=[last_day])
        ),
        Refusal(
            "end_stays",
            pgtrigger.Update,
            says,
            condition=f"{put_off} OR NEW.{last_day} IS NULL)",
        ),
        not_emptied(),
    ]


def not_emptied() -> Trigger:
    """The table is never emptied at one stroke."""
    return Refusal("not_emptied", pgtrigger.Truncate, _APPEND_ONLY, level=pgtrigger.Statement)


def only_resealed(column: str, says: str) -> Trigger:
    """An encrypted column changes only to a seal under another key.

    The database cannot open it, so it asks that the version of the key is another one.
    """
    return Refusal(
        f"{column}_only_resealed",
        pgtrigger.Update,
        says,
        condition=(
            f"OLD.{column} <> NEW.{column} AND NOT ("
            f"split_part(NEW.{column}, ':', 1) <> split_part(OLD.{column}, ':', 1)"
            f" AND NEW.{column} ~ '^[^:]+:[A-Za-z0-9+/=]{{38,}}$')"
        ),
    )
