"""Everything the assistant says, by language. To add one, write its table and enter it in `LANGUAGES`.

A text's `{names}` are the same in every language; a test holds that.
"""
# ruff: noqa: RUF001 - it writes Chinese, whose punctuation is no mistake here

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nemovideo.assistant.routing import normalized

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    # while it works
    "connecting": "One moment, I'm getting things ready…",
    "queued": "Got it. I'll do that as soon as I'm done with what you asked before.",
    "uploading_one": "Uploading your file…",
    "uploading_many": "Uploading your {count} files…",
    "upload_progress": "Uploading… {percent}%",
    "editing": "On it…",
    "still_at_it": "Still working…",
    "still_working": "Still working… ({minutes} min so far)",
    "looking_up": "The connection broke off. I'm checking what was done; nothing is sent twice.",
    "rendering": "Rendering your video… This usually takes 30 to 90 seconds.",
    "render_progress": "Rendering… {percent}%",
    "signing_in": "One moment, I'm signing in again…",
    "waiting": "The service is busy. I'll try again in {wait}.",
    # files
    "uploaded": "Thanks, I have {names}.",
    "comma": ", ",
    "and_last": "{names} and {last}",
    "and_more": "{names} and {count} more",
    "what_next": "What would you like me to make?",
    "send_files": "Send me your photos, clips or music right here: {formats}, up to 200 MB each.",
    # turns
    "first_cut": "The first cut is there: {length}. Music and a title come next.",
    "video_ready": "Your video is ready. {summary}",
    "added_music": 'music ("{name}")',
    "added_title": 'a title ("{name}")',
    "added_both": "{music} and {title}",
    "added": "I added {additions} on the way. If you'd rather not have that, just say so.",
    "changed": "Done. Here is what changed:\n{changes}",
    "recovered": "Good news, your change went through:\n{changes}",
    "same_for": "{line}, and the same for {names}",
    "more_changes": "… and {count} more",
    "unchanged": "That changed nothing, and the editor didn't say why. Could you put it another way?",
    "do_for_me": "Please do this for me: {instructions}.",
    # the timeline
    "summary": "{summary}",
    "nothing_yet": "There is no video yet. Send me a few photos and tell me what to make of them.",
    "files_only": "I have {count} of your files, but there is no video yet. Tell me what to make of them.",
    # the file
    "delivered": "Here is your video: {facts}.",
    "claim": "You can also open the project in your browser, and keep it: {link}",
    "no_such_format": "I can't make {format} files, only {formats}; so you get an MP4.",
    "no_such_resolution": "The largest I can make is 1080p, so that is what you get.",
    "nothing_to_export": (
        "There is nothing to export yet. Send me photos and tell me what to make of them first."
    ),
    # credits
    "balance": "You have {credits} left.",
    "credits_one": "{count} credit",
    "credits_many": "{count} credits",
    "spent": "This chat has used {spent} of its {limit}.",
    "limit_reached": (
        "This chat has used up its {credits}, so I can't make more changes here. "
        "I can still send you the video: that costs nothing."
    ),
    # when something goes wrong
    "session_gone": (
        "The project we worked on is no longer there, so I've started a new one. "
        "Please send me your files again and tell me what to make of them."
    ),
    "session_again": (
        "The project we worked on is no longer there, so I'll start a new one. Please ask me again."
    ),
    "session_new": "The project we worked on is no longer there, so I've started a new one.",
    "register": "Your free credits are used up. Register here to get more and keep this project: {link}",
    "no_credits": "Your credits are used up. Top them up in your account, then ask me again.",
    "export_blocked": (
        "Your plan doesn't include downloads yet. Register or upgrade your plan to unlock them. "
        "This has nothing to do with your credits."
    ),
    "unsupported": "I can't use {names}. I can take {formats}.",
    "too_large": (
        "{names}: too large, the limit is 200 MB. Compress it or cut it shorter, then send it again."
    ),
    "unreadable": "I couldn't open {names}. Please send it again.",
    "set_up_wrongly": (
        "Something is set up wrongly on my side. Whoever runs this bot finds the reason in its log."
    ),
    "this_file": "this file",
    "wait_for_file": "I'll wait for a file that I can use.",
    "rate_limited": "The service asks me to slow down. Please try again in {wait}.",
    "seconds_one": "{count} second",
    "seconds_many": "{count} seconds",
    "minutes": "{count} minutes",
    "hours": "{count} hours",
    "days": "{count} days",
    "outcome_unknown": (
        "The connection broke off, and I couldn't find out whether your request was carried out. I "
        "haven't sent it "
        "again, so that you don't pay twice. Ask me for the status in a minute: if nothing has changed "
        "by then, "
        "ask me once more."
    ),
    "turn_timeout": (
        "This is taking much longer than it should. It may still come through, so please don't ask for "
        "it again "
        "yet: ask me for the status in a few minutes."
    ),
    "busy": "An earlier request is still being worked on. Please wait a moment.",
    "agent_failed": (
        "The editor stopped with an error. Ask me for the status to see what was done before you ask for "
        "it again."
    ),
    "not_sent": "I couldn't reach the service. Nothing was sent and nothing was charged; please try again.",
    "unreachable": "I couldn't fetch a file from {names}. Check the address, or send me the file itself.",
    "network": "The connection failed. Please try again in a moment.",
    "access": "The service doesn't accept my key. Whoever runs this bot has to give me a valid one.",
    "render_failed": (
        "The video couldn't be rendered. Trying again costs nothing; if it fails again, tell me."
    ),
    "render_slow": "The video isn't ready yet. Ask me for it again in a few minutes; that costs nothing.",
    "download_failed": "The video is rendered, but I couldn't fetch the file. Ask me for it again.",
    "trouble": "The service has a problem. Ask me for the status in a few minutes before you ask again.",
    "greeting": (
        "Send me photos and tell me what to make of them, such as: a 15-second vertical video with music."
    ),
    # what a person could say next
    "suggest_make": (
        "Make a 15-second vertical video with transitions|Make a 10-second square video with lo-fi music"
    ),
    "suggest_video": "Send me the video|Put a title 'Hello' at the start|Make the music quieter",
    "suggest_edit": "Send me the video|Show me the timeline|Undo",
    "suggest_exported": "Make it warmer|Use slide transitions|Export as GIF",
    "suggest_status": "Status",
    "suggest_as_is": "Send me the video",
}

CHINESE: Mapping[str, str] = {
    "connecting": "稍等，我先准备一下……",
    "queued": "收到，等手头这一步做完就来处理。",
    "uploading_one": "正在上传你的文件……",
    "uploading_many": "正在上传 {count} 个文件……",
    "upload_progress": "上传中…… {percent}%",
    "editing": "好的，马上处理……",
    "still_at_it": "还在处理中……",
    "still_working": "还在处理中……（已经 {minutes} 分钟）",
    "looking_up": "连接断了一下，我正在确认做到了哪一步，不会重复提交。",
    "rendering": "正在渲染视频，一般需要 30 到 90 秒……",
    "render_progress": "渲染中…… {percent}%",
    "signing_in": "稍等，我重新登录一下……",
    "waiting": "服务现在比较忙，{wait}后我再试一次。",
    "uploaded": "收到了：{names}。",
    "comma": "、",
    "and_last": "{names} 和 {last}",
    "and_more": "{names} 等，另有 {count} 个",
    "what_next": "想做成什么样的视频？",
    "send_files": "直接把照片、视频或音乐发给我就行：支持 {formats}，每个不超过 200 MB。",
    "first_cut": "初版已经剪好，共 {length}，接下来加音乐和标题。",
    "video_ready": "视频做好了。{summary}",
    "added_music": "音乐“{name}”",
    "added_title": "标题“{name}”",
    "added_both": "{music}和{title}",
    "added": "顺便加上了{additions}，不想要的话告诉我一声。",
    "changed": "改好了：\n{changes}",
    "recovered": "没事，修改已经完成：\n{changes}",
    "same_for": "{line}，{names} 也一样",
    "more_changes": "……另有 {count} 处",
    "unchanged": "这次什么都没有改动，也没有收到说明。换个说法试试？",
    "do_for_me": "请帮我完成：{instructions}。",
    "summary": "{summary}",
    "nothing_yet": "还没有视频。先发几张照片给我，再告诉我想做成什么样。",
    "files_only": "已经收到 {count} 个文件，还没有开始做视频。告诉我想做成什么样吧。",
    "delivered": "视频来了：{facts}。",
    "claim": "也可以在浏览器里打开并保存这个项目：{link}",
    "no_such_format": "做不了 {format} 格式，只能做 {formats}，先给你导出 MP4。",
    "no_such_resolution": "最高只能做到 1080p，就按 1080p 导出。",
    "nothing_to_export": "还没有可以导出的视频。先发照片给我，再告诉我想做成什么样。",
    "balance": "还剩 {credits}。",
    "credits_one": "{count} 积分",
    "credits_many": "{count} 积分",
    "spent": "这次对话用了 {spent}，上限是 {limit}。",
    "limit_reached": "这次对话的 {credits}额度已经用完，不能再修改了。视频照样可以发给你，导出不花积分。",
    "session_gone": "之前的项目已经不在了，我新开了一个。麻烦把照片重新发一遍，再告诉我想做成什么样。",
    "session_again": "之前的项目已经不在了，我会新开一个。麻烦再说一遍。",
    "session_new": "之前的项目已经不在了，我新开了一个。",
    "register": "免费积分用完了。在这里注册就能获得更多积分，并保留这个项目：{link}",
    "no_credits": "积分用完了。请先在账户里充值，再来找我。",
    "export_blocked": "当前套餐还不能导出视频，注册或升级套餐后就可以了。这和积分没有关系。",
    "unsupported": "{names} 用不了。我可以接收 {formats}。",
    "too_large": "{names} 太大了，上限是 200 MB。压缩或剪短以后再发给我吧。",
    "unreadable": "{names} 打不开，请重新发一次。",
    "set_up_wrongly": "我这边的设置有问题，请这个机器人的管理员查看日志。",
    "this_file": "这个文件",
    "wait_for_file": "等你发来能用的文件，我再继续。",
    "rate_limited": "请求有点频繁，请 {wait}后再试。",
    "seconds_one": "{count} 秒",
    "seconds_many": "{count} 秒",
    "minutes": "{count} 分钟",
    "hours": "{count} 小时",
    "days": "{count} 天",
    "outcome_unknown": (
        "连接断了，没能确认刚才的请求有没有完成。为了不让你重复付费，我没有再发一次。"
        "过一分钟问我一声“状态”：如果没有变化，再说一遍就好。"
    ),
    "turn_timeout": "这次花的时间太长了。结果也许还会出来，先别重复提交，过几分钟问我一声“状态”。",
    "busy": "上一个请求还在处理，请稍等。",
    "agent_failed": "剪辑中途出错了。再提交之前，先问我一声“状态”，看看做到了哪一步。",
    "not_sent": "连不上服务。什么都没有发出去，也没有扣积分，请再试一次。",
    "unreachable": "从 {names} 没有取到文件。请检查一下地址，或者直接把文件发给我。",
    "network": "网络出了问题，请稍后再试。",
    "access": "服务不认我的密钥，需要这个机器人的管理员换一个有效的。",
    "render_failed": "视频没有渲染成功。再试一次不花积分；如果还是不行，请告诉我。",
    "render_slow": "视频还没渲染好，过几分钟再跟我要，不花积分。",
    "download_failed": "视频已经渲染好了，但文件没有取回来，请再跟我要一次。",
    "trouble": "服务出了点问题。过几分钟先问我一声“状态”，再决定要不要重新提交。",
    "greeting": "把照片发给我，再告诉我想做成什么样，比如：做一个15秒的竖屏视频，配上音乐。",
    "suggest_make": "做一个15秒的竖屏视频，带转场|做一个10秒的方形视频，配上lo-fi音乐",
    "suggest_video": "把视频发给我|在开头加标题“你好”|音乐小一点",
    "suggest_edit": "把视频发给我|看看时间线|撤销",
    "suggest_exported": "色调暖一点|换成滑动转场|导出GIF",
    "suggest_status": "状态",
    "suggest_as_is": "把视频发给我",
}

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
"""By language; the first one also answers for languages that are not here."""


def say(language: str, key: str, **facts: object) -> str:
    """Return a text with its facts filled in.

    Args:
        language: A key of `LANGUAGES`, or a region of one such as `zh-CN`; anything else speaks the first.
        key: Which text.
        facts: What its `{names}` stand for.
    """
    table = LANGUAGES.get(re.split("[-_]", language.lower())[0]) or next(iter(LANGUAGES.values()))
    return table[key].format(**facts)


def count(language: str, key: str, number: float) -> str:
    """Return how many of something: the text `key_one` or `key_many`.

    Args:
        language: As for `say`.
        key: Of what.
        number: How many.
    """
    return say(language, f"{key}_one" if number == 1 else f"{key}_many", count=f"{number:.10g}")


def language_of(text: str, otherwise: str) -> str:
    """Return the language to answer a message in; quotations do not count.

    Args:
        text: What the person wrote.
        otherwise: The language for messages without words.
    """
    letters = [letter for letter in normalized(text) if letter.isalpha()]
    if any("\u4e00" <= letter <= "\u9fff" for letter in letters):
        return "zh"
    return "en" if letters else otherwise
