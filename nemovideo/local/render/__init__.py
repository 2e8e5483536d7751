"""The embedded backend's renderer: a draft and its media become a video file.

It has no network and no event loop. `plan` turns a draft into frame numbers, purely; `engine.render` makes
the file. The layers, each importing only what stands above it in this list:

    errors     why a render did not happen
    media      what a file is: kind, size, length
    plan       draft -> numbered frames, and the values that the rest draws from
    framing    where a picture sits on the canvas, and the window that a camera move shows
    planes     YUV pictures: sampling between pixels, blending
    filters    colour looks as tables
    stage, still, clip          sources of pictures, and where they stand (backdrop, profiles)
    fonts, lettering            texts, as stamps
    transitions, compose        frame number -> finished picture
    instruments, music, sound   sample number -> finished sound
    encoder, engine             pictures and sound -> file
"""
