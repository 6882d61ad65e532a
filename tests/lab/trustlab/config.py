# SPDX-License-Identifier: GPL-2.0-or-later
# The phone's configuration file, as short as a phone would still take, with the nodes it must register at and ask.
# It must not sign anything (trustlist.signed_file does).
# Facts: element names as in published SEP<MAC>.cnf.xml files.
from xml.sax.saxutils import escape


def _manager(priority, node):
    return (f'      <member priority="{priority}"><callManager><name>{escape(node.host)}</name>'
            f"<ports><ethernetPhonePort>2000</ethernetPhonePort><sipPort>5060</sipPort>"
            f"<securedSipPort>5061</securedSipPort></ports>"
            f"<processNodeName>{node.address}</processNodeName></callManager></member>\n")


def _verifier(priority, node):
    return f'    <member priority="{priority}"><port>2445</port><address>{node.address}</address></member>\n'


def phone_configuration(cluster, mac):
    """The plain file, bytes. A secure cluster gives the phone a secure profile."""
    mode = 3 if cluster.mixed else 1
    capf = cluster.publisher.address
    lines = ['<?xml version="1.0" encoding="UTF-8"?>\n', '<device xsi:type="axl:XIPPhone">\n',
             "<deviceProtocol>SIP</deviceProtocol><fullConfig>true</fullConfig>\n",
             "<devicePool><name>Default</name>\n  <callManagerGroup><name>Default</name><members>\n"]
    lines += [_manager(index, node) for index, node in enumerate(cluster.nodes)]
    lines += ["  </members></callManagerGroup></devicePool>\n", "<TVS><members>\n"]
    lines += [_verifier(index, node) for index, node in enumerate(cluster.nodes)]
    lines += ["</members></TVS>\n", "<tftp>\n"]
    lines += [f"  <address>{node.address}</address>\n" for node in cluster.nodes]
    lines += ["</tftp>\n", "<commonProfile><phonePassword></phonePassword></commonProfile>\n",
              "<loadInformation>sip88xx.14-2-1</loadInformation>\n",
              f"<deviceSecurityMode>{mode}</deviceSecurityMode><certHash></certHash>\n",
              "<capfAuthMode>0</capfAuthMode><capfList><capf><phonePort>3804</phonePort>"
              f"<processNodeName>{capf}</processNodeName></capf></capfList>\n",
              f"<versionStamp>{cluster.maker.now}-{escape(mac)}</versionStamp>\n", "</device>\n"]
    return "".join(lines).encode()
