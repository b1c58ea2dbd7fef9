"""What a person is told when something cannot be done."""

import errno

_REASONS = {
    errno.ENOENT: "ce fichier ou ce dossier n'existe pas",
    errno.EACCES: "vous n'avez pas le droit d'y accéder",
    errno.EPERM: "vous n'avez pas le droit de le faire",
    errno.EISDIR: "c'est un dossier, pas un fichier",
    errno.ENOTDIR: "un fichier se trouve là où il faut un dossier",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "votre part du disque est pleine",
    errno.EFBIG: "le fichier deviendrait trop gros",
    errno.EIO: "le disque est en faute",
    errno.ENAMETOOLONG: "ce nom est trop long",
    errno.EMFILE: "trop de fichiers sont ouverts",
    errno.EADDRINUSE: "ce port est déjà pris",
    errno.EADDRNOTAVAIL: "cette adresse n'est pas celle de cet ordinateur",
}


class Faute(Exception):
    """Its message is a French sentence for a person: what, where, why, and what to do about it."""


def reason(error: OSError) -> str:
    """Say in French why the system refuses; a rare reason keeps the system's own words."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
