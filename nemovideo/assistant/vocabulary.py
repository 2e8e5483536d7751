"""The words of each intent. A message has an intent only if every one of its words belongs to it.

So "send me the video" is an export, and "send the title to the back" is not: an export has no title.
Chinese words need no spaces: the longest that fits is taken.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PRAISE = _words(
    """
    great perfect nice good awesome amazing wonderful excellent cool lovely fine beautiful gorgeous
    brilliant fantastic right done ready finished complete
    """
)
"""Words for what came out well."""

ASKING = _words("please pls plz want wanna need 要 我要 想要 需要")
"""They ask for a file together with a word that is for nothing but a file."""

COURTESY = PRAISE | _words(
    """
    please pls plz kindly can could would will may you u ur i i'm i'd i'll we we're me us my our now just
    then so ok okay yes yeah yep sure thanks thank thx hi hey hello love it looks like that's that go
    ahead do for to the and let's let want wanna need happy very so much lot with oh well hmm ah wow haha
    as is it's its enough exactly nicely job today set everything
    请 麻烦 帮 帮我 我 你 您 给 给我 一下 吧 呢 啊 呀 哦 呗 啦 咯 哈 哟 了 吗 嘛 么 可以 能 能不能
    可不可以 能否 可否 想 想要 要 需要 现在 马上 立刻 直接 好 好的 好了 行 嗯 谢谢 多谢 辛苦 辛苦了 就
    就这样 这样 把 将
    这个 那个 这 的 很棒 不错 很好 太棒 太棒了 完美 没问题 满意 很满意 我们 咱们 先 再 然后 最后 帮忙 也
    很 真 真好 好看 漂亮 喜欢 非常 太好了 那 那就 还不错 嗨 你好 您好
    """
)
"""Words around a wish that change nothing about it."""

EXPORT_VERBS = _words(
    """
    export exporting download downloading render save output 导出 下载 渲染 输出 保存 存 存到 出片
    出个片 导成 转成 存成
    """
)
"""They ask for the file by themselves."""

HANDING_VERBS = _words(
    """
    来一份 send give gimme get share deliver hand show have receive where where's 发 发送 发给 发给我 发我
    发来 发过来 传给我 传过来 传我 给我 在哪里 在哪儿 在哪 哪里 看看
    """
)
"""They ask for the file only together with a word for it."""

WORKS = _words(
    """
    video vid clip movie film reel slideshow file mp4 mov webm gif copy link version cut result output 视频
    影片 片子 成片 成品 文件 作品 短片 最终版 结果 链接
    """
)
"""Words for the finished work."""

FILES = _words("file link mp4 mov webm gif 文件 链接 成片 成品 最终版")
"""Words for the finished work and nothing else."""

NEW_WORKS = _words("video vid clip movie film reel slideshow version cut result 视频 影片 片子 短片 版本")
"""With "a" before them these are wishes for a new video: "give me a video"."""

ONE = _words("a an 一个 一段 一条")

HANDED_IT = _words("send share deliver hand 发 发送 发给 发给我 发我 发来 发过来 传给我 传过来")
"""Verbs that go with a bare "it"; "I get it" is no export."""

HANDED_ALONE = _words("发给我 发我 发过来 传给我 传过来")
"""Verbs that say by themselves what is meant."""

EXPORT_DETAILS = _words(
    """
    a an this final finish cut completed exported whole full entire rendered current latest
    edited everything video vid clip movie film reel slideshow file copy link version result output of as in
    at with by over here again once more back re resolution res quality format definition high highest
    higher best max maximum top medium mid normal standard low lowest lower small smallest hd fhd uhd sd
    hi how convert is mp4 mov webm gif avi mkv wmv flv m4v mpeg phone computer device gallery laptop pc
    disk desktop chat it's i've 视频 影片 片子 成片 成品 文件 作品 短片 最终版 结果 链接 最终 完整
    完整的 完成 完成的 做好 做好的 剪好 剪好的 整个 全部 高清 超清 标清 蓝光 画质 质量 清晰度 分辨率
    格式 高 低 中 中等 最高 最低 最好 最大 最小 普通 标准 高质量 低质量 为 成 到 手机 电脑 本地 相册 用
    以 按 版 版本 手机上 电脑上 个 一份 一个 一段 一条 怎么 如何 出来 过来 来 重新 它 动图 已经 那 就可以 一次
    我的
    """
)

CREDIT_NOUNS = _words(
    """
    credit credits balance quota billing subscription 积分 余额 点数 额度 充值 账单 套餐
    """
)
CREDIT_DETAILS = _words(
    """
    on how many much does has have got left remaining remain still what what's whats is are account
    current check show see tell view any enough am out of runout used spent use there more buy get
    purchase topup where free number amount total available a this did does 还有 还剩 还 剩 剩余 剩下
    多少 几个 几 个 查 查下 查一下 查询 查看 看 看看 看一下 看下 够 够不够 够用 有 没有 没 用完 用了 花了 是
    当前 目前 我的 告诉 告诉我 显示 怎么 如何 哪里 在哪里 购买 买 不够 账户 账号 里 是不是 用 还能
    """
)

STATE_NOUNS = _words(
    """
    status state progress timeline tracks draft summary overview 状态 进度 时间线 时间轴 轨道 草稿 概览
    """
)
STATE_DETAILS = _words(
    """
    什么样 show see view check list display tell describe print what what's whats is are on in current
    currently of all how how's does look so far have has got there anything video project whole full
    latest a this updated at 查看 查 查一下 看 看看 看一下 看下 显示 列出 展示 当前 目前 什么 怎么样
    怎样 如何 有 有哪些 有什么 哪些 里 里面 上 上面 是 几条 多少 几 项目 东西 内容 视频 告诉 告诉我 到
    哪 哪了 哪一步 怎么 我的 剪辑 制作 整个 全部 所有
    """
)
STATE_QUESTIONS = (
    (
        r"(?:is|are) (?:it|the video|my video|this|that|you|we) (?:done|ready|finished|there)(?: yet| now"
        r"| already)*"
    ),
    r"what(?:'s| is)(?: now| currently)? in (?:the|my|our) (?:video|project)(?: right| now| so far)*",
    r"when (?:will|is) (?:it|the video|my video)(?: be| going to be)? (?:ready|done|finished)",
    (
        r"what(?: do| have|'s|s)?(?: we| you| i)? (?:have|got|done)(?: we| i| you)?(?: got| now| here| done"
        r"| so far)*"
    ),
    r"how(?:'s| is) (?:it|the video|my video|everything) (?:going|looking|coming along|coming)",
    r"how many (?:clips|photos|shots|tracks) are (?:there )?(?:on|in) (?:the|my) (?:timeline|video|draft)",
    r"how does (?:it|the video|my video) look(?: so far| now)?",
    r"how far (?:are you|are we|along are we|is it)(?: now)?",
    r"(?:any|got any) (?:updates?|news|progress)",
    r"where are we(?: now| at)?",
    r"what(?:'s| is| has) (?:changed|different)",
    r"(?:视频|片子|影片)?(?:[做剪弄][好完]|完成|好)(?:了)?(?:吗|没有|没|了没|了吗)",
    r"(?:现在|目前)(?:都)?有(?:什么|哪些|些什么)(?:内容|东西)?(?:了)?",
    r"(?:时间[线轴]|视频)[上里]?(?:现在|目前)?(?:一共|总共)?有(?:几|多少)[个张段条]?(?:片段|照片|镜头|画面|轨道)",
    r"(?:现在)?(?:做|剪|弄|进行)到(?:哪|哪里|哪儿|哪一步|哪步)(?:了|啦)?",
    r"(?:视频|片子|影片)?还要(?:多久|多长时间)(?:啊|呢|呀)?",
    r"(?:改|变)了(?:什么|哪些|哪里)",
    r"(?:进展|情况)(?:如何|怎么样|怎样)(?:了)?",
    r"(?:现在|目前)(?:是)?(?:什么|啥)(?:情况|进展)(?:了)?",
)
"""Whole questions about where things stand, in plain lower case."""

UPLOAD_VERBS = _words("upload uploading attach \x01 上传 传")
SENDING_VERBS = _words("send here's here're 发 发给你 给你 这是 这些是")
"""They announce an upload only together with a word for media."""
MEDIA = _words(
    """
    photo photos picture pictures pic pics image images file files clip clips media footage song music
    audio 照片 图片 相片 图 素材 文件 片段 录像 音乐 歌
    """
)
UPLOAD_DETAILS = _words(
    """
    photo photos picture pictures pic pics image images file files video videos clip clips media footage
    song music audio some a an more another new other from of these those this here again first how
    where is are too also as well all try have one ones two three four five several few with phone
    computer gallery link url it's send they're here's 照片 图片 相片 图 素材 文件 视频 片段 录像 音乐
    歌 几张 一些 一张 两张 三张 几个 一个 一段 更多 新 新的 怎么 如何 还 张 段 这些 那些 给你 这是
    这些是 我的 都 全部 链接 在哪里 在哪 哪里 上 几 来
    """
)
"""\x01 stands for a web address, \x00 for a quotation, which belongs to no intent."""

EXPORT = COURTESY | EXPORT_VERBS | HANDING_VERBS | EXPORT_DETAILS | {"\x02"}
"""\x02 stands for a resolution."""
CREDITS = COURTESY | CREDIT_NOUNS | CREDIT_DETAILS
STATE = COURTESY | STATE_NOUNS | STATE_DETAILS
UPLOAD = COURTESY | UPLOAD_VERBS | SENDING_VERBS | UPLOAD_DETAILS
KNOWN = EXPORT | CREDITS | STATE | UPLOAD
