"""The script Streamlit runs at every rerun: who is there, then the door or the frame.

It stands away from the page folders on purpose: a script beside a `pages/` folder is bypassed by a deep link.
"""

from governance import visiting
from pages.shell import frame, settling, sign_in

with visiting(frame.session_id()) as visit:
    if visit is None:
        sign_in.draw()
    else:
        frame.draw(visit)
settling.after_run()
