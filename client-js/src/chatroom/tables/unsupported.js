/** What pages may call and roomgate has no counterpart for: the method’s name, and what to do instead. */

const ROBOTS = "roomgate has no robots: the application server adds virtual members with addRobot";
const PICTURES =
  "roomgate changes no files: have the place where they are kept do it, or do it before uploading";
const FILES = "roomgate keeps no files: the address in the message is the file’s own";
const SPEECH = "roomgate knows no speech: use a service of your own";
const WORDS = "roomgate judges texts itself, see moderation.md: send them as they are";

/** @type {Readonly<Record<string, string>>} */
export const UNSUPPORTED = {
  getRobotList: ROBOTS,
  sendRobotMsg: ROBOTS,
  getHistoryMsgsByTags:
    "members read their own history: the application server asks queryTagHistoryMsg",
  audioToText: SPEECH,
  audioToMp3: PICTURES,
  stripImageMeta: PICTURES,
  qualityImage: PICTURES,
  interlaceImage: PICTURES,
  rotateImage: PICTURES,
  blurImage: PICTURES,
  cropImage: PICTURES,
  thumbnailImage: PICTURES,
  processImage: PICTURES,
  viewImageSync: PICTURES,
  viewImageStripMeta: PICTURES,
  viewImageQuality: PICTURES,
  viewImageInterlace: PICTURES,
  viewImageRotate: PICTURES,
  viewImageBlur: PICTURES,
  viewImageCrop: PICTURES,
  viewImageThumbnail: PICTURES,
  getNosOriginUrl: FILES,
  getNosAccessToken: FILES,
  deleteNosAccessToken: FILES,
  packFileDownloadName: FILES,
  getFile: FILES,
  getFileList: FILES,
  deleteFile: FILES,
  filterClientAntispam: WORDS,
  getClientAntispamLexicon: WORDS,
};
