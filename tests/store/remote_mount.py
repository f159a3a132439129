"""A folder of a network file system's type, as the kernel shows it: a file system in user space that holds one folder.

`python -m tests.store.remote_mount FOLDER TYPE COMMAND …` mounts it on FOLDER in a mount namespace of its own, runs the
command, and ends with its exit code; 77 where this machine lets nobody mount. Needs Linux, root and /dev/fuse.
"""

import ctypes
import os
import stat
import struct
import subprocess
import sys
import threading

CANNOT = 77
NEW_NAMESPACE = 0x00020000
PRIVATE = (1 << 18) | (1 << 14)

LOOKUP, FORGET, GETATTR, INIT = 1, 2, 3, 26
NO_SUCH_FILE, NOT_DONE = -2, -38
HEADER = struct.Struct("<IIQQIIII")
ATTRIBUTES = struct.Struct("<QII6Q3I7I")
VERSION = struct.Struct("<4I2HI")


def serve(device: int) -> None:
    """Answer the kernel: there is a root, and nothing in it."""
    while True:
        try:
            request = os.read(device, 1 << 17)
        except OSError:
            return
        _, opcode, unique, _, _, _, _, _ = HEADER.unpack_from(request)
        if opcode == FORGET:
            continue
        error, answer = 0, b""
        if opcode == INIT:
            answer = VERSION.pack(7, 12, 65_536, 0, 0, 0, 65_536)
        elif opcode == GETATTR:
            mode = stat.S_IFDIR | 0o777
            answer = ATTRIBUTES.pack(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, mode, 2, 0, 0, 0, 4096, 0)
        else:
            error = NO_SUCH_FILE if opcode == LOOKUP else NOT_DONE
        os.write(device, struct.pack("<IiQ", 16 + len(answer), error, unique) + answer)


def mounted(folder: str, type_: str) -> bool:
    """Mount it for this process and those it starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        device = os.open("/dev/fuse", os.O_RDWR)
    except OSError:
        return False
    if libc.unshare(NEW_NAMESPACE) or libc.mount(None, b"/", None, PRIVATE, None):
        return False
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
    if libc.mount(b"keeper@server:/rights", folder.encode(), type_.encode(), 0, options):
        return False
    threading.Thread(target=serve, args=(device,), daemon=True).start()
    return True


if __name__ == "__main__":
    where, kind, *command = sys.argv[1:]
    sys.exit(subprocess.run(command, check=False).returncode if mounted(where, kind) else CANNOT)
