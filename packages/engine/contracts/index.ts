export { driverContract, type DriverWorld } from './driver.contract.ts';
export { libraryFolderContract, type LibraryFolderWorld } from './library-folder.contract.ts';
export { serverClientContract, type ServerClientWorld } from './server-client.contract.ts';
export { sourceContract, type SourceWorld, bytesOf, listAll } from './source.contract.ts';
