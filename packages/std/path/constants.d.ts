export declare const DELIMITER: ";" | ":";
export declare const SEPARATOR: "\\" | "/";
export declare const SEPARATOR_PATTERN: RegExp;
