"""A mail server that waits before each reply, as one far away does: delay_server.py MILLISECONDS. Prints its port;
takes every mail and forgets it; ends with its stdin."""

import asyncio
import os
import sys

REPLIES = {b"EHLO": b"250 delay", b"HELO": b"250 delay", b"MAIL": b"250 2.1.0 ok", b"RCPT": b"250 2.1.5 ok",
           b"DATA": b"354 go on", b"RSET": b"250 2.0.0 ok", b"QUIT": b"221 2.0.0 bye"}


async def converse(reader, writer, delay):
    async def answer(reply):
        await asyncio.sleep(delay)
        writer.write(reply + b"\r\n")
        await writer.drain()

    try:
        await answer(b"220 delay ESMTP")
        while line := await reader.readline():
            verb = line[:4].upper()
            await answer(REPLIES.get(verb, b"502 5.5.1 what"))
            if verb == b"DATA":
                await reader.readuntil(b"\r\n.\r\n")
                await answer(b"250 2.0.0 taken")
            if verb == b"QUIT":
                break
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    delay = float(sys.argv[1]) / 1000
    server = await asyncio.start_server(lambda r, w: converse(r, w, delay), "127.0.0.1", 0, backlog=512, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()
    os._exit(0)  # without waiting for the conversations


if __name__ == "__main__":
    asyncio.run(main())
