"""Calls the original module at a steady pace. Reads its plan as one line of JSON, then «go»; writes one line per caller."""

import asyncio
import json
import logging
import sys
from time import perf_counter_ns as now

from jwks_cache import JwksCache

WARM_UP = 3000
GRACE = 20_000_000
LAST_ANSWERS = 0.1


def pick(keys, kid):
    return next((key for key in keys if key["kid"] == kid), None)


async def until(at):
    left = at - now()
    if left > 0:
        await asyncio.sleep(left / 1e9)


async def call(cache, plan, caller, log, start):
    """A negative service time, as its complement, is a failure."""
    end = start + plan["length"] + GRACE
    for number in range(caller["lookups"]):
        due = caller["offset"] + number * plan["interval"]
        await until(start + due)
        kid = [each["kid"] for each in plan["kids"] if each["from"] <= due][-1]
        begin = now()
        if begin >= end:
            return
        failure = None
        try:
            if pick(await cache.get(), kid) is None:
                failure = f"no key for {kid}"
        except Exception as thrown:
            failure = f"{type(thrown).__name__}: {thrown}"
        took = now() - begin
        log["services"].append(took if failure is None else ~took)
        if failure is not None and "failure" not in log:
            log.update(failure=failure, failed_at=due)


async def forge(cache, flood, caller, start):
    due = start + flood["from"]
    number = 0
    while due < start + flood["until"]:
        await until(due)
        try:
            pick(await cache.get(), f"forged-{caller}-{number}")
        except Exception:
            pass
        number += 1
        due = max(due + flood["every"], now())


async def main():
    loop = asyncio.get_running_loop()
    plan = json.loads(sys.stdin.readline())
    cache = JwksCache(plan["jwks_uri"])
    if not plan["cold"]:
        await cache.start()
        for _ in range(WARM_UP):
            await cache.get()
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    start = now()
    logs = [{"services": []} for _ in plan["callers"]]
    tasks = []
    if plan["cold"]:
        tasks.append(asyncio.create_task(cache.start()))
    for caller, log in zip(plan["callers"], logs):
        tasks.append(asyncio.create_task(call(cache, plan, caller, log, start)))
    flood = plan.get("flood")
    if flood:
        tasks += [asyncio.create_task(forge(cache, flood, each, start)) for each in range(flood["callers"])]
    await until(start + plan["length"])
    await asyncio.sleep(LAST_ANSWERS)
    # Before anything is cancelled: a cancelled call would look like a failed one.
    lines = [json.dumps(log) for log in logs]
    for line in lines:
        print(line)
    sys.stdout.flush()
    for task in tasks:
        task.cancel()


# The Java subjects log nothing either.
logging.disable(logging.CRITICAL)
asyncio.run(main())
