/**
 * How long it takes to go on with an experiment of 1,000,000 recorded items, and to look at it.
 *
 *     deno run -A bench/resume.ts [ROWS] [CHARACTERS of each]
 *
 * @module
 */
import { resumeFigures } from "../tests/size/resume.ts";
import { figure } from "./_figures.ts";

const [rows = 1_000_000, characters = 200] = Deno.args.map(Number);
const figures = await resumeFigures(rows, characters);
const of = `of ${figures.rows.toLocaleString("en")} items of ${characters} characters`;
figure(`record an experiment ${of}`, figures.recording, "s");
figure(`record an experiment ${of}, memory at the most`, figures.recordingMb, "MB");
figure(`go on with an experiment ${of}, its new row first`, figures.newFirst, "s");
figure(`go on with an experiment ${of}, its new row last`, figures.newLast, "s");
figure(`make and hash the rows ${of}, alone`, figures.hashing, "s");
figure("new row last, over making and hashing alone", figures.newLast / figures.hashing, "times");
figure(`go on with an experiment ${of}, memory at the most`, figures.resumingMb, "MB");
figure(`list an experiment ${of}`, figures.list, "s");
figure(`show an experiment ${of}`, figures.show, "s");
