/**
 * Programs that change pictures, by what they write into Exif's `Software` or `xmp:CreatorTool`. Cameras and phones write
 * their own version there (`18.5`, `HDR+ 1.0.585804401zd`, `G960FXXUAETG3`), so only known names count. Apple's Photos
 * keeps the phone's version in a picture that it rendered: such an edit is known by its pair alone (`IMG_E0001.HEIC`).
 */
const editors = new RegExp(
  [
    'adobe (?:photoshop|lightroom|camera raw|premiere|after effects)', 'lightroom', 'photoshop', 'snapseed', 'picasa', 'gimp', 'affinity photo', 'capture one',
    'darktable', 'rawtherapee', 'acorn', 'pixelmator', 'vsco', 'luminar', 'dxo', 'on1 photo', 'paint\\.net', 'polarr', 'facetune', 'picsart', 'canva',
    'instagram', 'photoscape', 'paintshop', 'corel', 'digikam', 'iphoto', 'aperture \\d', 'photos \\d', 'imovie', 'final cut', 'inshot', 'capcut', 'windows photo',
  ].join('|'),
  'i',
)

export const isEditor = (software: string): boolean => editors.test(software)
