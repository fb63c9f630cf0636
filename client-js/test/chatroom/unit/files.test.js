import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFile, upload } from "../../../src/chatroom/files.js";

const BLOB = new Blob(["abc"], { type: "image/png" });
const SIZES = { w: 1, h: 2 };

test("one source is needed, and a type that is known", () => {
  assert.equal(checkFile("sendFile", { blob: BLOB }), "file");
  assert.throws(() => checkFile("sendFile", {}), /blob.*must be given/);
  assert.throws(() => checkFile("sendFile", { blob: BLOB, file: {} }), /must be given/);
  assert.throws(() => checkFile("sendFile", { blob: BLOB, type: "gif" }), /type must be one of/);
});

test("without an upload of the page’s own the error says what to do", async () => {
  await assert.rejects(upload("sendFile", { blob: BLOB }, undefined), {
    code: "Not_Support",
    hint: /uploadFile/,
  });
});

test("what is not answered is taken from the file; progress is told as in the SDK", async () => {
  /** @type {any[]} */
  const told = [];
  const given = { type: "image", blob: new File(["abc"], "cat.PNG", { type: "image/png" }) };
  const file = await upload(
    "sendFile",
    { ...given, uploadprogress: (/** @type {any} */ how) => told.push(how) },
    async (blob, { type, name, progress }) => {
      progress(1, 4);
      return { url: `/${name}`, md5: String(blob.size), type, ...SIZES };
    },
  );
  const type = "image";
  assert.deepEqual(file, {
    name: "cat.PNG",
    size: 3,
    ext: "PNG",
    url: "/cat.PNG",
    md5: "3",
    type,
    ...SIZES,
  });
  assert.deepEqual(told, [{ loaded: 1, total: 4, percentage: 25, percentageText: "25.00%" }]);
});

test("a data URL is a file too", async () => {
  const given = { type: "image", dataURL: "data:image/png;base64,YWJj" };
  const file = await upload("previewFile", given, async () => ({ url: "u", md5: "m", ...SIZES }));
  assert.deepEqual([file.size, file.ext, file.name], [3, "png", ""]);
  const plain = { type: "file", dataURL: "data:,abc" };
  await assert.rejects(
    upload("a", plain, async () => ({})),
    { code: "Param_Error" },
  );
});

test("a file of another kind, a chosen nothing and an upload that is stopped fail by name", async () => {
  const keep = async () => ({ url: "u", md5: "m" });
  await assert.rejects(upload("a", { type: "video", blob: BLOB }, keep), {
    code: "Wrong_File_Type",
  });
  await assert.rejects(upload("a", { fileInput: { files: [] } }, keep), {
    code: "No_File_Selected",
  });
  await assert.rejects(upload("a", { filePath: "/x" }, keep), { code: "Not_Support" });
  const beginupload = (/** @type {any} */ { abort }) => abort();
  await assert.rejects(upload("a", { blob: BLOB, beginupload }, keep), {
    code: "Operation_Canceled",
  });
});
