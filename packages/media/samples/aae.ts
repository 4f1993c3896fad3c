import { randomBytesOf } from './random.ts'
import type { Seed } from './random.ts'

/** An edit as Photos writes it beside a photo (`IMG_0001.AAE`): a property list whose adjustment data are random bytes. */
export function makeAae(seed: Seed): Uint8Array {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>adjustmentBaseVersion</key>
	<integer>0</integer>
	<key>adjustmentData</key>
	<data>
	${Buffer.from(randomBytesOf(seed, 96, 'aae')).toString('base64')}
	</data>
	<key>adjustmentEditorBundleID</key>
	<string>com.apple.mobileslideshow</string>
	<key>adjustmentFormatIdentifier</key>
	<string>com.apple.photo</string>
	<key>adjustmentFormatVersion</key>
	<string>1.5</string>
	<key>adjustmentTimestamp</key>
	<date>2024-05-01T12:00:00Z</date>
</dict>
</plist>
`)
}
