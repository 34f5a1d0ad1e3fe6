// What had better not be read by others: which names say so, and what may stand under one in the clear.

/** Words that names of secrets hold, and words that they end with or have between separators. */
const SECRET_NAME =
  /PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|API_?KEY|PASS([_.-]|$)|[_.-]KEY([_.-]|$)|AUTH([_.-]|$)|DSN([_.-]|$)|(?<!^|OLD)PWD([_.-]|$)/i;
/** A place where the secret is, a switch, or nothing. */
const SECRET_PLACE = /^(\/.*|[01]|true|false|yes|no|)$/is;

export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

/** Whether a value gives nothing away, whatever the name that it stands under. */
export const isSecretPlace = (value: string): boolean => SECRET_PLACE.test(value);
