"""The embedded backend's renderer: a draft and its media become a video file.

It has no network and no event loop. `plan.plan` turns a draft into numbered frames, purely; `engine.render`
makes the file. Each of these imports only what stands above it:

    errors                      why a render did not happen
    media                       what a file is: kind, size, length
    framing                     where a picture stands, and the window that a camera move shows of it
    planes, filters             YUV pictures: sampling between pixels, blending, colour looks
    instruments, music          sounds and pieces made up on the spot
    scene, plan                 draft -> frames and samples
    stamp, fonts, lettering     texts
    profiles, backdrop, stage, still, clip    photos and clips, and what stands around them
    transitions, compose        frame number -> finished picture
    sound                       sample number -> finished sound
    encoder, engine             pictures and sound -> file
"""
