/** What the pages of the storage plan and of people ask of the server: loaded when one of them is opened. */
export { addAccount, askAccounts, askFreeUpPage, askFreeUpSummary, askUsage, changeAccount } from '@everroll/engine/http';
