/**
 * The rules of class-validator that only a text can keep, by their names. Which texts they let through stands in `x-rules`.
 *
 * @internal
 */
export const TEXT_RULES: ReadonlySet<string> = new Set(
  `IsFirebasePushId contains isAlpha isAlphanumeric isAscii isBIC isBase32 isBase58 isBase64 isBooleanString isBtcAddress
   isByteLength isCreditCard isCurrency isDataURI isDateString isDecimal isEAN isEmail isEthereumAddress isFqdn isFullWidth
   isHSL isHalfWidth isHash isHexColor isHexadecimal isIBAN isISO31661Alpha2 isISO31661Alpha3 isISO31661Numeric
   isISO4217CurrencyCode isISO6391 isISRC isISSN isIdentityCard isIp isIsbn isIsin isIso8601 isJson isJwt isLatLong isLocale
   isLowercase isMacAddress isMagnetURI isMilitaryTime isMimeType isMobilePhone isMongoId isMultibyte isNumberString isOctal
   isPassportNumber isPhoneNumber isPort isPostalCode isRFC3339 isRgbColor isSemVer isStrongPassword isSurrogatePair
   isTaxId isTimeZone isUppercase isUrl isUuid isVariableWidth matches notContains`.split(/\s+/),
)
