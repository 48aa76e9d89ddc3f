// Asks the server; what it cannot do it says in a sentence, which is thrown as an Error.

// The token comes with the printed address. It is kept for this address alone, so that the page can be loaded again, and
// taken out of what links and the history of the browser hold.
const STORE = "atmis-token", address = new URL(location.href);
let token = address.searchParams.get("token");
if (token === null) token = localStorage.getItem(STORE) ?? "";
else {
  localStorage.setItem(STORE, token);
  address.searchParams.delete("token");
  history.replaceState(null, "", address);
}

async function answered(response) {
  const told = await response.json().catch(() => ({error: "the answer of atmis explore could not be read"}));
  if (!response.ok) throw new Error(told.error ?? "atmis explore could not answer");
  return told;
}

async function reached(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("atmis explore does not answer any more; start it again");
  }
}

export async function ask(path) {
  return answered(await reached(path));
}

export async function send(path, content) {
  const headers = {"content-type": "application/json", "x-atmis-token": token};
  return answered(await reached(path, {method: "POST", headers, body: JSON.stringify(content)}));
}

// Lines of JSON as they come.
export async function* lines(path, signal) {
  const response = await reached(path, {signal});
  if (!response.ok) await answered(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) {
      const told = JSON.parse(part);
      if (told.error) throw new Error(told.error);
      yield told;
    }
  }
}
