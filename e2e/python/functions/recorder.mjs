// A trigger that writes down each event as it came and answers so that the call goes on. recorder.py is the same for Python.

import { appendFileSync } from "node:fs";

export async function handler(event) {
  appendFileSync(process.env.RECORD, `${JSON.stringify(event)}\n`);
  const answer = ANSWERS[event.triggerSource];
  return answer ? { ...event, response: answer(event.request) } : event;
}

function define({ session, userAttributes }) {
  if (!session.length && userAttributes.nickname === "texted") {
    return { challengeName: "SMS_MFA", issueTokens: false, failAuthentication: false };
  }
  const { challengeName, challengeResult } = session.at(-1) ?? {};
  if (challengeName === "SRP_A") {
    return { challengeName: "PASSWORD_VERIFIER", issueTokens: false, failAuthentication: false };
  }
  if (challengeName === "CUSTOM_CHALLENGE" && challengeResult) return { issueTokens: true, failAuthentication: false };
  return { challengeName: "CUSTOM_CHALLENGE", issueTokens: false, failAuthentication: false };
}

const create = () => ({
  publicChallengeParameters: { riddle: "what has an eye" },
  privateChallengeParameters: { answer: "a needle" },
  challengeMetadata: "RIDDLE",
});

const verify = ({ challengeAnswer, privateChallengeParameters }) => ({
  answerCorrect: challengeAnswer === privateChallengeParameters.answer,
});

const migrate = () => ({
  userAttributes: { email: "old@example.com", email_verified: "true" },
  finalUserStatus: "CONFIRMED",
  messageAction: "SUPPRESS",
});

const migrateAndGreet = () => ({ userAttributes: { email: "old@example.com", email_verified: "true" } });

const ANSWERS = {
  DefineAuthChallenge_Authentication: define,
  CreateAuthChallenge_Authentication: create,
  VerifyAuthChallengeResponse_Authentication: verify,
  UserMigration_Authentication: migrate,
  UserMigration_ForgotPassword: migrateAndGreet,
};
