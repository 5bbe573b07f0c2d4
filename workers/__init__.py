"""What runs by time or queue: the relay of jobs, the actors, the supervisors of sync and send, the scheduler.

    outbox ──relay──▶ broker (memory or Redis) ──▶ actor ──▶ use case ──▶ effect and `done` in one commit

The rows are the truth; the broker only carries ids and may lose or double any of them.
A *role* is a coroutine that works until it is told to stop (`workers.process.Role`).
"""
