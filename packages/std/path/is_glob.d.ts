export declare function isGlob(str: string): boolean;
