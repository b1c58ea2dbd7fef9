"""Faults of a database, in French: which one, why and what to do."""

from sqlalchemy import URL
from sqlalchemy.engine import ExceptionContext

from knowledge.fautes import Faute


class BaseIndisponible(Faute):
    """The database cannot be used: which one, why and what to do."""


NOT_UNDERSTOOD = "L'adresse de la base (AIGUILLEUR_BASE) n'est pas comprise."
EXPECTED = "On attend sqlite:///chemin/du/fichier.db ou postgresql://utilisateur@serveur/base."


def without_password(address: URL) -> str:
    """Return the address as a person may read it, wherever its password stands."""
    return address.difference_update_query(["password"]).render_as_string(hide_password=True)


UNREACHABLE = "ne répond pas. Vérifiez que le serveur tourne et que l'adresse est la bonne."


class Explainer:
    """Turns the faults of a driver into French sentences."""

    SENTENCES = (
        (("locked", "55P03"), "est occupée par un autre programme, peut-être un import. Réessayez dans un instant."),
        (("readonly", "25006"), "est en lecture seule. Vérifiez les droits sur le fichier et son dossier."),
        (("not a database", "malformed"), "n'est pas une base SQLite, ou elle est abîmée. Reprenez une sauvegarde."),
        (
            ("unable to open",),
            "ne peut pas être ouverte. Vérifiez le chemin, les droits, et que le disque accepte l'écriture.",
        ),
        (("full", "53100"), "ne peut plus grandir : le disque est plein."),
        (("disk I/O",), "ne répond plus : le disque est en faute."),
        (("no such table", "42P01"), "n'est pas prête : ses tables manquent."),
        (("failed to resolve", "Name or service not known"), "est sur un serveur inconnu. Vérifiez son adresse."),
        (("42501",), "ne laisse pas ce compte y écrire. Donnez-lui la base : ALTER DATABASE … OWNER TO …"),
        (("28P01", "28000", "password", 'role "'), "refuse le nom ou le mot de passe."),
        (("3D000", "does not exist"), "n'existe pas sur ce serveur."),
        (("40P01", "40001"), "est occupée par d'autres écritures. Réessayez dans un instant."),
        (("connection",), UNREACHABLE),
    )

    def __init__(self, address: str) -> None:
        self._address = address

    def __call__(self, context: ExceptionContext) -> None:
        error = context.original_exception
        said = f"{getattr(error, 'sqlstate', None) or ''} {error}"
        for words, sentence in self.SENTENCES:
            if any(word in said for word in words) and not _is_content_fault(error):
                raise BaseIndisponible(f"La base {self._address} {sentence}") from error
        if context.is_disconnect:
            raise BaseIndisponible(f"La base {self._address} {UNREACHABLE}") from error


def _is_content_fault(error: BaseException) -> bool:
    """A broken constraint quotes data in its message: it is not a fault of the database, whatever the words."""
    return type(error).__name__ in ("IntegrityError", "UniqueViolation", "ForeignKeyViolation", "NotNullViolation")
